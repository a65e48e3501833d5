// A disk that says that it keeps what it is given, and does not, from the moment at which its owner wants it so.

import type { BlockRef } from '../../src/core/past/block.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';

export class LyingStore extends MemoryBlockStore {
  isEmpty = false;

  override async get(digest: string): Promise<Uint8Array | undefined> {
    return this.isEmpty ? undefined : super.get(digest);
  }

  override async put(block: BlockRef, bytes: Uint8Array): Promise<void> {
    if (!this.isEmpty) await super.put(block, bytes);
  }
}
