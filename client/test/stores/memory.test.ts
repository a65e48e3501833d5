// The stores in memory.

import { expect, test } from 'vitest';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { MemoryKeyStore } from '../../src/stores/memory-key-store.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { blockRef, describeBlockStore } from '../contracts/block-store.ts';
import { describeKeyStore } from '../contracts/key-store.ts';
import { describeSettings } from '../contracts/settings.ts';

describeBlockStore('MemoryBlockStore', { open: async () => new MemoryBlockStore() });
describeSettings('MemorySettings', { open: async () => new MemorySettings() });
describeKeyStore('MemoryKeyStore', { open: async () => new MemoryKeyStore(), kinds: ['browser', 'raw'] });

test('a full memory store says so, keeps nothing of the block, and has room again after a delete', async () => {
  const store = new MemoryBlockStore(100);
  await store.put(blockRef(1, 60), new Uint8Array(60));
  await expect(store.put(blockRef(2, 60), new Uint8Array(60))).rejects.toMatchObject({ code: 'full' });
  expect(await store.list()).toEqual([blockRef(1, 60)]);
  await store.put(blockRef(1, 60), new Uint8Array(60));
  await store.delete(blockRef(1, 60).digest);
  await store.put(blockRef(2, 60), new Uint8Array(60));
});
