// How a storer counts its copies: by the receipts that holders signed for this very store, never by what the root says of
// them. Pure, so that the rule stands in one place.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { Receipt } from './receipts.ts';

/** Who holds the block, and the device of each. */
export type Copies = ReadonlyMap<NodeId, string>;

/** none: too few. quorum: the store has succeeded. complete: there is no more to be had. */
export type Verdict = 'none' | 'quorum' | 'complete';

/** What the storer asks for. */
export interface Goal {
  /** Copies, of different nodes. */
  readonly wanted: number;
  /** Devices that the copies can be on, as far as the storer can see. */
  readonly devices: number;
  /** The storer sees all nodes around the key: what it does not see is not there. */
  readonly seesAll: boolean;
}

/** The receipts among these that are for this block and this store, by holder. */
export function copiesOf(receipts: readonly Receipt[], { digest, size }: BlockRef, receiptFor: string): Copies {
  const copies = new Map<NodeId, string>();
  for (const receipt of receipts) {
    const isForThis = receipt.digest === digest && receipt.size === size && receipt.receiptFor === receiptFor;
    if (isForThis && receipt.proof !== undefined) copies.set(receipt.proof.by, receipt.proof.device);
  }
  return copies;
}

/**
 * A quorum is more than half of the wanted copies, on more than half of the devices that they can be on. Where a storer far
 * from the key sees devices that the nodes around it do not, a full set of copies will do: they have no other to choose.
 */
export function verdictOn(copies: Copies, { wanted, devices, seesAll }: Goal): Verdict {
  const isFull = copies.size >= wanted;
  const isSpread = new Set(copies.values()).size * 2 > devices || (isFull && !seesAll);
  if (copies.size * 2 <= wanted || !isSpread) return 'none';
  return isFull ? 'complete' : 'quorum';
}
