// A digest of a set of blocks, in whatever order they come: the XOR of a keyed hash of each (MSet-XOR-Hash: Clarke, Devadas, van
// Dijk, Gassend & Suh, "Incremental multiset hash functions and their application to memory integrity checking", ASIACRYPT 2003). Who
// does not know the key cannot make two sets that are alike, and each key is used once, between two nodes.

import { halfSipHash, hashKey, type Words } from '../half-sip-hash.ts';
import type { BlockRef } from './block.ts';
import type { Lease } from './lease.ts';

const WORD_DIGITS = 8;

export class SetDigest {
  readonly #key: Words;
  #low = 0;
  #high = 0;
  #count = 0;

  /** `nonce`: 16 random hexadecimal characters, or more. */
  constructor(nonce: string) {
    this.#key = hashKey(nonce);
  }

  /** A block that is in the set, at its place, with what is known of its leases. */
  add({ key, digest }: BlockRef, leases: readonly Lease[]): void {
    // The serial alone says which of two leases of an owner is the newer one.
    const slips = leases.map(({ owner, serial }) => ` ${owner} ${serial}`).sort();
    const { low, high } = halfSipHash(this.#key, `${key}${digest}${slips.join('')}`);
    this.#low ^= low;
    this.#high ^= high;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** 16 hexadecimal characters. */
  get sum(): string {
    return hex(this.#low) + hex(this.#high);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(WORD_DIGITS, '0');
}
