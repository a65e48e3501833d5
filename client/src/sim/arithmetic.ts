// The arithmetic of the ring for those who judge, written anew: what is shared with the core would share its faults.

import type { Key, NodeId } from '../core/pastry/id.ts';

/** True if `a` is nearer to `key` than `b` is, round the ring; of two as near, the higher is the nearer. */
export function isNearer(key: Key, a: NodeId, b: NodeId): boolean {
  const size = 16n ** BigInt(key.length);
  const at = BigInt(`0x${key}`);
  const stepsTo = (id: NodeId): bigint => {
    const straight = BigInt(`0x${id}`) - at;
    const steps = straight < 0n ? -straight : straight;
    return steps > size / 2n ? size - steps : steps;
  };
  const difference = stepsTo(a) - stepsTo(b);
  return difference < 0n || (difference === 0n && a > b);
}

/** True if a walk clockwise from `origin` meets `first` before `second`. */
export function isMetFirst(origin: NodeId, first: NodeId, second: NodeId): boolean {
  const place = (id: NodeId): string => (id > origin ? `0${id}` : `1${id}`);
  return place(first) < place(second);
}

/** The digits that two ids begin with alike. */
export function sharedDigits(a: NodeId, b: NodeId): number {
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return index;
  return a.length;
}
