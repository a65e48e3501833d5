// What a peer is made of: adapters that the composition roots (web/, node/) and tests choose.

import type { Inspection, Machine } from '../core/io.ts';
import type { NodeConfig } from '../core/node.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { BlockStore, Clock, Discovery, LinkLayer, Settings, Sha256 } from './ports.ts';

export interface PeerNode extends Machine {
  inspect(): Inspection;
  /** The device of a node that has described itself; undefined of others. */
  deviceOf(nodeId: NodeId): string | undefined;
  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId>;
  /** Linked nodes that may bring here what `nodeId`, to which there is no link, has; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[];
  /** Things that should not happen and did, by name. */
  readonly counters: ReadonlyMap<string, number>;
}

export interface PeerParts {
  /** Registered: it has this node's id and the ring's parameters. */
  readonly discovery: Discovery;
  readonly links: LinkLayer;
  readonly store: BlockStore;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly sha256: Sha256;
  /** Names the browser profile or machine that holds the store; characters of base64url, at most 64. */
  readonly device: string;
  /** Larger in each life of this nodeId; milliseconds since 1970 do. */
  readonly epoch: number;
  /** A random 32-bit integer. */
  readonly seed: number;
  /** Start of file links: scheme, host and path without the last slash. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly calendar: () => number;
  /** The core; tests may give another. */
  readonly createNode?: (config: NodeConfig) => PeerNode;
}
