// A block that has no room at its place is stored at another one, and it is remembered where.

import { expect, test } from 'vitest';
import type { Input } from '../../src/core/io.ts';
import { type BlockRef, placedBlock, saltOf } from '../../src/core/past/block.ts';
import { UNOWNED, unownedLease } from '../../src/core/past/lease.ts';
import { Counters } from '../../src/peer/counters.ts';
import { blocksOf } from '../../src/peer/file-blocks.ts';
import { LocalBlocks } from '../../src/peer/local-blocks.ts';
import { Requests } from '../../src/peer/requests.ts';
import { storeFile } from '../../src/peer/store-file.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { publicSeal } from '../../src/vault/file-seal.ts';
import { CountedRequests, countedFile, storeBooks } from './counted-requests.ts';
import { idOf } from './ids.ts';
import { sha256, someBytes } from './transfer-node.ts';

const DIGEST = 'ab'.repeat(8) + 'cd'.repeat(8) + 'ef'.repeat(8) + '01'.repeat(8);
const BLOCK = placedBlock(DIGEST, 5, 32, 0);
const NOWHERE = -1;
const ROOM = { nodes: 5, freeBytes: 12_000_000 };

/** A ring that has room at one place of each block. */
function ringWithRoomAt(salt: number): { readonly requests: Requests; readonly tried: BlockRef[] } {
  const tried: BlockRef[] = [];
  const counters = new Counters();
  const blocks = new LocalBlocks({
    ...{ store: new MemoryBlockStore(), sha256, counters, suspect: () => undefined },
    dispatch: () => undefined,
  });
  const dispatch = (input: Input): void => {
    if (input.type !== 'store') return;
    const { request, block } = input;
    tried.push(block);
    const root = idOf('0a', 32);
    queueMicrotask(() => {
      if (saltOf(block) === salt)
        requests.heard({ type: 'stored', request, root, route: [root], holders: [root], complete: true });
      else requests.heard({ type: 'store-failed', request, reason: 'full', room: ROOM });
    });
  };
  const requests = new Requests(dispatch, blocks);
  return { requests, tried };
}

function store(requests: Requests, block: BlockRef) {
  const lease = unownedLease(block.digest, 1);
  expect(lease.owner).toBe(UNOWNED);
  const bytes = async () => new Uint8Array(5);
  return requests.store({ block, lease }, bytes, new AbortController().signal, () => undefined);
}

test.each([0, 1, 3])('P64: where there is room at place %i only, that is told', async (salt) => {
  const { requests, tried } = ringWithRoomAt(salt);
  const { block } = await store(requests, BLOCK);
  expect(saltOf(block)).toBe(salt);
  expect(tried.map(saltOf)).toEqual([0, 1, 2, 3].slice(0, salt + 1));
});

test('P64: where there is none at four places the store fails, and says what is left around', async () => {
  const { requests, tried } = ringWithRoomAt(NOWHERE);
  await expect(store(requests, BLOCK)).rejects.toMatchObject({
    code: 'full',
    message: expect.stringContaining('12 MB'),
  });
  expect(tried).toHaveLength(4);
});

test('P64: a name record is tried at its own place only', async () => {
  const { requests, tried } = ringWithRoomAt(NOWHERE);
  await expect(store(requests, { ...BLOCK, key: idOf('77', 32) })).rejects.toMatchObject({ code: 'full' });
  expect(tried).toHaveLength(1);
});

/** Has room for segments at their third place. */
class FarRequests extends CountedRequests {
  override async store({ block }: Parameters<Requests['store']>[0]) {
    const placed = placedBlock(block.digest, block.size, block.key.length, 2);
    const self = idOf('0a', 32);
    return {
      type: 'stored',
      request: 1,
      root: self,
      route: [self],
      holders: [self],
      complete: true,
      block: placed,
    } as const;
  }
}

test('P64: the places of a file’s blocks are kept with it', async () => {
  const bytes = someBytes(250_000, 3);
  const { parts } = await countedFile(bytes, 100_000);
  const requests = new FarRequests([]);
  const file = {
    name: 'x',
    type: '',
    size: bytes.length,
    slice: (a: number, b: number) => new Blob([bytes.slice(a, b)]),
  };
  const stored = await storeFile({ ...parts, requests }, file, publicSeal, {}, await storeBooks(requests));
  const blocks = blocksOf(stored.fileId, stored.segments, 32, stored.salts);
  expect(blocks).toHaveLength(4);
  expect(blocks.map(saltOf)).toEqual([2, 2, 2, 2]);
});
