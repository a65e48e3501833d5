// One held block that by this node's view belongs to others, on its way to them.

import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { DropFacts } from './drop-judgement.ts';

export interface Handoff {
  readonly number: number;
  readonly block: BlockRef;
  readonly since: Instant;
  /** As this node's leaf set shows it, or the ring has said. */
  root: NodeId | undefined;
  /** Who is to judge: the root, or another node in its place. */
  judge: NodeId | undefined;
  wasLookedUp: boolean;
  named: readonly NodeId[];
  /** Those that were to judge, and have no room. */
  readonly full: Set<NodeId>;
  /** Those of the named who said that they hold it. */
  readonly confirmed: Set<NodeId>;
  /** Those of them who were asked to prove it, and who have. */
  readonly asked: Set<NodeId>;
  readonly proven: Set<NodeId>;
}

/** What a handoff has brought so far. */
export interface HandoffProgress extends Pick<DropFacts, 'confirmed' | 'proven' | 'provenDevices' | 'devices'> {
  /** The root, and the holders that were named. */
  readonly root: NodeId;
  readonly named: readonly NodeId[];
}

/** As a purpose names it. */
export function nameOf({ block, number }: Handoff): { readonly digest: string; readonly session: number } {
  return { digest: block.digest, session: number };
}
