// The objects in the picture: the blocks that this tab holds, as marks at their keys, and who has a copy as far as it was told. Pure.

import type { Id, NodeId } from '../../../core/pastry/id.ts';
import { ringFraction, ringGap } from '../ring-geometry.ts';
import type { RingFacts } from './facts.ts';
import { goneOf } from './gone.ts';
import type { Moment } from './moment.ts';

/** A node had a copy of a block when it gave it, or took it. */
export interface Holding {
  readonly digest: string;
  readonly nodeId: NodeId;
}

export interface ObjectMark {
  /** Of its first block. */
  readonly key: Id;
  readonly fraction: number;
  readonly digests: readonly string[];
  /** Other nodes that had copies, as far as this tab was told; it has them all itself. */
  readonly heardOf: readonly NodeId[];
}

/** Blocks so close to each other are one mark. */
const MARK_GAP = 1 / 150;

/** What the moments tell of who has what, each once. Whoever is gone has nothing; who comes back has what it had: blocks outlive a reload. */
export function holdingsOf(moments: readonly Moment[]): readonly Holding[] {
  const found = new Map<string, Holding>();
  for (const { happening } of moments) {
    if (happening.kind !== 'event') continue;
    const { event } = happening;
    if (event.type === 'sent') found.set(`${event.digest} ${event.nodeId}`, event);
    if (event.type !== 'trace' || !('digest' in event.event)) continue;
    const { kind, digest, peer } = event.event;
    if (peer !== undefined && (kind === 'held' || kind === 'handed-over'))
      found.set(`${digest} ${peer}`, { digest, nodeId: peer });
  }
  const gone = goneOf(moments);
  return [...found.values()]
    .filter(({ nodeId }) => !gone.has(nodeId))
    .map(({ digest, nodeId }) => ({ digest, nodeId }));
}

export function objectMarks({ held, nodeId }: RingFacts, holdings: readonly Holding[]): readonly ObjectMark[] {
  const placed = held
    .map(({ key, digest }) => ({ key, digest, fraction: ringFraction(key) }))
    .sort((a, b) => a.fraction - b.fraction);
  const marks: { key: Id; fraction: number; digests: string[] }[] = [];
  for (const { key, digest, fraction } of placed) {
    const last = marks.at(-1);
    if (last !== undefined && ringGap(last.fraction, fraction) < MARK_GAP) last.digests.push(digest);
    else marks.push({ key, fraction, digests: [digest] });
  }
  return marks.map((mark) => ({
    ...mark,
    heardOf: [
      ...new Set(
        holdings
          .filter((holding) => mark.digests.includes(holding.digest) && holding.nodeId !== nodeId)
          .map((holding) => holding.nodeId),
      ),
    ],
  }));
}
