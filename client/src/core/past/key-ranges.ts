// A set of blocks cut into ranges of their keys, so that two nodes find out where their sets differ (range-digests.ts).

import { compareClockwise, type Key } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';

/** From one key clockwise up to another one, without that; all keys, if they are one. */
export interface KeyRange {
  readonly from: Key;
  readonly end: Key;
}

export interface Part extends KeyRange {
  /** By their keys. */
  readonly blocks: readonly BlockRef[];
}

/** Ranges in one message. */
export const MAX_RANGES = 16;
/** Fewer blocks are not worth a range of their own. */
const MIN_BLOCKS = 16;

/** Blocks of which keys lie in a range, in its order; of all keys, from the lowest one that is there on. */
export function sortedByKey(blocks: Iterable<BlockRef>): readonly BlockRef[] {
  return [...blocks].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/**
 * Cuts a range into at most MAX_RANGES with about as many blocks each, which have no gap between them: blocks that only the
 * other node has fall into one of them too. Blocks at one key stay together.
 */
export function cut({ from, end }: KeyRange, blocks: readonly BlockRef[]): readonly Part[] {
  const count = Math.min(MAX_RANGES, Math.ceil(blocks.length / MIN_BLOCKS));
  const starts = [{ key: from, at: 0 }];
  for (let part = 1; part < count; part += 1) {
    const key = blocks[Math.floor((part * blocks.length) / count)]?.key;
    const before = starts.at(-1);
    if (key === undefined || before === undefined) break;
    let at = before.at;
    while (at < blocks.length && blocks[at]?.key !== key) at += 1;
    if (at > before.at) starts.push({ key, at });
  }
  return starts.map(({ key, at }, index) => {
    const next = starts[index + 1];
    return { from: key, end: next?.key ?? end, blocks: blocks.slice(at, next?.at) };
  });
}

/** Which of the ranges that begin at these keys, one after the other up to `end`, a key is in. */
export function rangeOf(key: Key, starts: readonly Key[], end: Key): number | undefined {
  const [first] = starts;
  if (first === undefined || (end !== first && compareClockwise(first, key, end) >= 0)) return undefined;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = starts[middle];
    if (start !== undefined && compareClockwise(first, start, key) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}
