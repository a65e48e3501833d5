// What the driver and the links hand on to the peer around them, and ask it.

import type { Output } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { TransferControl } from '../wire/frame.ts';
import type { LinkFailure } from './ports.ts';

/** Outputs that are not about links or messages. */
export type ShellOutput = Exclude<
  Output,
  { readonly type: 'send' | 'relay' | 'connect' | 'disconnect' | 'misdeed' | 'signal' }
>;

/** neighbour: a leaf, or one whose messages this node carries. stranger: any other. */
export type Bringing = 'neighbour' | 'stranger';

export interface Shell {
  output(output: ShellOutput): void;
  control(peer: NodeId, control: TransferControl): void;
  chunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void;
  /** The link's buffer has room again. */
  drained(peer: NodeId): void;
  /** `message` is for people. */
  linkChanged(peer: NodeId, state: 'up' | 'down' | 'failed', message: string): void;
  linkFailed(peer: NodeId, failure: LinkFailure): void;
  /** A block is on its way over this link. */
  isTransferring(peer: NodeId): boolean;
  /** No link reaches this node, and the ring carries messages to it. */
  isRelayed(peer: NodeId): boolean;
  /** Linked nodes that may bring a block here from a node that no link reaches, the likeliest first. */
  carriersOf(peer: NodeId): readonly NodeId[];
  /** Counts what a correct peer never does, for people to see. */
  misbehaved(peer: NodeId, what: string): void;
  /** How `peer` is served that wants a block of `source`'s brought to it; undefined: not at all. */
  bringing(peer: NodeId, source: NodeId): Bringing | undefined;
  /** This node is not in the ring yet. */
  isJoining(): boolean;
  /** Says of a node whether its link serves the leaf set. */
  pins(): (peer: NodeId) => boolean;
  /** Says of a node whether it is in the routing table. */
  entries(): (peer: NodeId) => boolean;
}
