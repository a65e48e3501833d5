// What the core asks of the disk: proofs of holding, and how much room there is.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Input } from '../../src/core/io.ts';
import { CachedBlocks } from '../../src/peer/cached-blocks.ts';
import { Counters } from '../../src/peer/counters.ts';
import { LocalBlocks } from '../../src/peer/local-blocks.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { DIGITS, id } from './ids.ts';

const BYTES = new TextEncoder().encode('some bytes');

async function setUp(capacityBytes?: number) {
  const store = new MemoryBlockStore(capacityBytes);
  const inputs: Input[] = [];
  const dispatch = (input: Input): void => void inputs.push(input);
  const blocks = new LocalBlocks({ suspect: () => undefined, store, sha256, counters: new Counters(), dispatch });
  const digest = await sha256(BYTES);
  const block = { key: id(digest.slice(0, DIGITS)), digest, size: BYTES.length };
  return { store, inputs, blocks, block };
}

test('P30: a proof of holding is made of the bytes on the disk, behind the salt', async () => {
  const { store, inputs, blocks, block } = await setUp();
  await store.put(block, BYTES);
  await blocks.prove(block.digest, 'salt');
  const hash = createHash('sha256').update('salt').update(BYTES).digest('hex');
  expect(inputs).toEqual([{ type: 'proved', digest: block.digest, salt: 'salt', hash }]);
});

test('P30: a source does not do, and what is not there is told as lost', async () => {
  const { inputs, blocks, block } = await setUp();
  blocks.addSource(block.digest, async () => BYTES);
  await blocks.prove(block.digest, 'salt');
  expect(inputs).toEqual([
    { type: 'block-lost', digest: block.digest },
    { type: 'proved', digest: block.digest, salt: 'salt', hash: undefined },
  ]);
});

test('P34: the room that is left is told after each write', async () => {
  const { inputs, blocks, block } = await setUp(100);
  await blocks.tellRoom();
  await blocks.keep(block, BYTES);
  await expect
    .poll(() => inputs)
    .toEqual([
      { type: 'room', freeBytes: 100 },
      { type: 'room', freeBytes: 90 },
    ]);
});

test('P73: what has just come for a request is here while the request is told so', async () => {
  const { inputs, blocks, block } = await setUp();
  const wanted = blocks.want(block.digest);
  blocks.arrived(block.digest, BYTES, true);
  const loading = blocks.load(block.digest);
  wanted.release();
  expect(await loading).toEqual(BYTES);
  expect(await blocks.load(block.digest)).toBeUndefined();
  expect(inputs).toEqual([{ type: 'block-lost', digest: block.digest }]);
});

test('P74: what came for a request is cached, unless it is kept', async () => {
  const { blocks, block } = await setUp();
  const cache = new CachedBlocks(1_000, { after: () => undefined, cancel: () => undefined });
  blocks.cache = cache;
  for (const [isWanted, isKept, cached] of [
    [true, true, 0],
    [false, false, 0],
    [true, false, BYTES.length],
  ] as const) {
    const wanted = isWanted ? blocks.want(block.digest) : undefined;
    blocks.arrived(block.digest, BYTES, isKept);
    wanted?.release();
    expect(cache.usedBytes).toBe(cached);
  }
});

test('P74: what is cached is given to others, and proves nothing; what is kept is cached no longer', async () => {
  const { inputs, blocks, block } = await setUp();
  const cache = new CachedBlocks(1_000, { after: () => undefined, cancel: () => undefined });
  blocks.cache = cache;
  cache.put(block.digest, BYTES);
  expect(await blocks.load(block.digest)).toEqual(BYTES);
  await blocks.prove(block.digest, 'salt');
  expect(inputs.at(-1)).toEqual({ type: 'proved', digest: block.digest, salt: 'salt', hash: undefined });
  await blocks.keep(block, BYTES);
  expect(cache.usedBytes).toBe(0);
});
