// A disk in memory that a test clears or breaks under its peer, or that lies for it.

import type { BlockRef } from '../../src/core/past/block.ts';
import type { Leased } from '../../src/core/past/lease.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { LyingStore } from '../hostile/lying-store.ts';

export class FrailStore extends LyingStore {
  /** Nothing can be read or written. */
  isBroken = false;
  refusesWrites = false;
  refusesLeases = false;
  #isCleared = false;

  /** As a user does who clears the site's data. */
  clear(): void {
    this.#isCleared = true;
    void this.close();
  }

  override async check(): Promise<'intact' | 'replaced'> {
    this.#assertWorks();
    const isCleared = this.#isCleared;
    this.#isCleared = false;
    return isCleared ? 'replaced' : 'intact';
  }

  override async get(digest: string): Promise<Uint8Array | undefined> {
    this.#assertWorks();
    return super.get(digest);
  }

  override async put(block: BlockRef, bytes: Uint8Array): Promise<void> {
    this.#assertWorks();
    if (this.refusesWrites) throw new PeerError('full', 'no room');
    await super.put(block, bytes);
  }

  override async setLeases(leased: Leased): Promise<void> {
    this.#assertWorks();
    if (this.refusesLeases && leased.leases.length > 0) throw new PeerError('full', 'no room');
    await super.setLeases(leased);
  }

  #assertWorks(): void {
    if (this.isBroken) throw new PeerError('storage', 'the disk cannot be read');
  }
}
