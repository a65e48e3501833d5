// Whose room it is: each block that comes here is charged to the node that stores it, which its order proves, or else to
// the one node that offers it as repair. No account may take more than half of the room that all others have left.
//
// Why half of what is left, and not a fixed share: a user alone in a ring of three may use half of its disks, while after
// any number of others each newcomer still gets half of the rest; whoever fills disks with junk leaves half of them free.
// m ids take 1 - 2^-m of it: ids cost registrations, and until blocks have owners this is all that can be told apart.

import { BoundedMap } from '../bounded-map.ts';
import type { NodeId } from '../pastry/id.ts';

/** Of the room that others have left. */
const MOST_OF_REST = 1 / 2;
/** Accounts remembered; the one that was charged longest ago is forgotten, and what it holds counts as everybody's. */
const MAX_ACCOUNTS = 10_000;
/** Blocks remembered that one node alone has offered, and may not charge. */
const MAX_LONELY = 1_000;

interface Charge {
  readonly payer: NodeId;
  readonly bytes: number;
  /** The payer has signed for it. */
  readonly isProven: boolean;
  /** It is still on its way: the disk does not count it yet. */
  isComing: boolean;
}

export class Accounts {
  readonly #chargeByDigest = new Map<string, Charge>();
  readonly #bytesByPayer = new BoundedMap<NodeId, number>(MAX_ACCOUNTS);
  /** Repair that was not taken for its only offerer's account's sake: who that was. */
  readonly #lonelyOffererByDigest = new BoundedMap<string, NodeId>(MAX_LONELY);
  /** Bytes that the disk takes beside those held when it was told; unbounded until then. */
  #freeBytes = Number.POSITIVE_INFINITY;
  #comingBytes = 0;

  /** The disk takes so many bytes more. */
  room(freeBytes: number): void {
    this.#freeBytes = freeBytes - this.#comingBytes;
  }

  /** What the disk still takes, beside what is on its way; unbounded if it has not been told. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** True if `payer` may have `bytes` more here. */
  mayCharge(payer: NodeId, bytes: number): boolean {
    const charged = this.#bytesByPayer.get(payer) ?? 0;
    return charged + bytes <= (this.#freeBytes + charged) * MOST_OF_REST;
  }

  /** True if `offerer` may give `bytes` as repair: on its own account, or on nobody's, since another has offered the block too. */
  mayRepair(offerer: NodeId, digest: string, bytes: number): boolean {
    if (this.mayCharge(offerer, bytes) || this.isShared(digest, offerer)) return true;
    if (!this.#lonelyOffererByDigest.has(digest)) this.#lonelyOffererByDigest.set(digest, offerer);
    return false;
  }

  /** True if another node has offered this as repair, in vain: it is no junk of `offerer`'s. */
  isShared(digest: string, offerer: NodeId): boolean {
    const first = this.#lonelyOffererByDigest.get(digest);
    return first !== undefined && first !== offerer;
  }

  /** A block of `payer`'s is coming; `isProven`: by its order. */
  charge(payer: NodeId, digest: string, bytes: number, isProven: boolean): void {
    this.release(digest);
    this.#chargeByDigest.set(digest, { payer, bytes, isProven, isComing: true });
    this.#bytesByPayer.set(payer, (this.#bytesByPayer.get(payer) ?? 0) + bytes);
    this.#freeBytes -= bytes;
    this.#comingBytes += bytes;
  }

  /** The block is on the disk. */
  arrived(digest: string): void {
    const charge = this.#chargeByDigest.get(digest);
    if (charge?.isComing !== true) return;
    charge.isComing = false;
    this.#comingBytes -= charge.bytes;
  }

  /** The block did not come, or went. */
  release(digest: string): void {
    const charge = this.#chargeByDigest.get(digest);
    if (charge === undefined) return;
    this.#freeBytes += charge.bytes;
    this.#forget(digest, charge);
  }

  /** Another node than its payer offers the block too, as repair: it is no junk of one node's. */
  share(digest: string, offerer: NodeId): void {
    const charge = this.#chargeByDigest.get(digest);
    if (charge !== undefined && !charge.isProven && charge.payer !== offerer) this.#forget(digest, charge);
  }

  #forget(digest: string, charge: Charge): void {
    this.arrived(digest);
    this.#chargeByDigest.delete(digest);
    const rest = (this.#bytesByPayer.get(charge.payer) ?? 0) - charge.bytes;
    if (rest > 0) this.#bytesByPayer.set(charge.payer, rest);
    else this.#bytesByPayer.delete(charge.payer);
  }
}
