// All nodes of a ring, found by lookups alone, since nobody has a list of them. If any node lies between two others, then
// the root of the key half-way between the two is such a node: so one lookup either finds one more or shows that there is none.

import type { Id, NodeId } from '../core/pastry/id.ts';

/** Lookups at once: a few round trips, and no burden for the ring. */
const AT_ONCE = 8;
const BITS_PER_DIGIT = 4n;

export interface RingWalk {
  /** By id. */
  readonly nodes: readonly NodeId[];
  /** False if there are more than were asked for. */
  readonly isWhole: boolean;
}

interface Gap {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** `rootOf` looks a key up; its rejection ends the walk. Ends as soon as more than `limit` nodes are found. */
export async function walkRing(
  digits: number,
  limit: number,
  rootOf: (key: string) => Promise<NodeId>,
): Promise<RingWalk> {
  const first = await rootOf('0'.repeat(digits));
  const nodes = new Set<NodeId>([first]);
  const gaps: Gap[] = [{ from: first, to: first }];
  const walk = async ({ from, to }: Gap): Promise<void> => {
    for (const key of middleKeys(from, to)) {
      const root = await rootOf(key);
      // A node of another gap, as in a ring that changes meanwhile, is that gap's to find.
      if (nodes.has(root)) continue;
      nodes.add(root);
      gaps.push({ from, to: root }, { from: root, to });
      return;
    }
  };
  while (gaps.length > 0 && nodes.size <= limit) await Promise.all(gaps.splice(0, AT_ONCE).map(walk));
  return { nodes: [...nodes].sort().slice(0, limit), isWhole: nodes.size <= limit };
}

/**
 * The keys of which one has a root between two ids if any node is there: none if there is no room, else the key in the
 * middle of the way clockwise. An odd way has two middles. From the first the node just before the far end is as far as the
 * near end is, from the second the node just after the near end as far as the far end: the higher id must be the inner one.
 */
function middleKeys(from: Id, to: Id): string[] {
  const size = 1n << (BigInt(from.length) * BITS_PER_DIGIT);
  const start = BigInt(`0x${from}`);
  const distance = (((BigInt(`0x${to}`) - start) % size) + size) % size || size;
  if (distance === 1n) return [];
  const keyAt = (way: bigint): string => ((start + way) % size).toString(16).padStart(from.length, '0');
  const first = keyAt(distance / 2n);
  if (distance % 2n === 0n || from < keyAt(distance - 1n)) return [first];
  const second = keyAt(distance / 2n + 1n);
  // After the highest id neither middle will do alone.
  return to < keyAt(1n) ? [second] : [first, second];
}
