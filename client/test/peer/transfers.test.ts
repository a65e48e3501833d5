// Moving blocks between nodes: what arrives is what was sent or nothing, links are shared, and memory is bounded.

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  LATE_CHUNK_BYTES,
  MAX_INCOMING,
  MAX_MISDEEDS,
  MAX_WAITING_PULLS,
  PULL_TIMEOUT_MS,
  PULLS_IN_VAIN,
  PUSH_TIMEOUT_MS,
  SILENT_HOLDER_MS,
} from '../../src/peer/limits.ts';
import { CHUNK_BYTES } from '../../src/wire/limits.ts';
import { handle } from './ids.ts';
import { MemoryNetwork } from './memory-links.ts';
import { blockOf, codec, RogueNode, sha256Of, someBytes, TransferNode } from './transfer-node.ts';
import { VirtualTime } from './virtual-time.ts';

const MEGABYTE = 1024 * 1024;

let time: VirtualTime;
let network: MemoryNetwork;
let a: TransferNode;
let b: TransferNode;

beforeEach(() => {
  time = new VirtualTime();
  network = new MemoryNetwork(time);
  a = new TransferNode(network, 'a');
  b = new TransferNode(network, 'b');
});

/** Waits until b's core has heard of so many pulls. */
async function outcomesOfB(count: number): Promise<readonly string[]> {
  await time.until(() => b.outcomes.length >= count, 120_000);
  return b.outcomes;
}

/** The actual digest of what b holds under a digest. (Vitest compares large arrays slowly.) */
async function heldByB(digest: string): Promise<string> {
  return sha256Of((await b.store.get(digest)) ?? new Uint8Array());
}

describe('a block', () => {
  it('comes whole and is kept, over a link that is opened for it', async () => {
    const bytes = someBytes(3 * CHUNK_BYTES + 17, 1);
    b.transfers.pull(a.nodeId, await a.holds(bytes), true);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    expect(await heldByB(blockOf(bytes).digest)).toBe(blockOf(bytes).digest);
    expect(b.machine.heard('block-arrived')).toEqual([
      { type: 'block-arrived', from: a.nodeId, digest: blockOf(bytes).digest, kept: true },
    ]);
  });

  it('comes whole whatever its size, known or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3 * CHUNK_BYTES }), fc.boolean(), async (size, isKnown) => {
        const bytes = someBytes(size, size);
        const block = await a.holds(bytes);
        const before = b.outcomes.length;
        b.transfers.pull(a.nodeId, isKnown ? block : { ...block, size: 0 }, true);
        expect((await outcomesOfB(before + 1)).at(-1)).toBe('kept');
        expect(await heldByB(block.digest)).toBe(block.digest);
        expect(await b.store.list()).toContainEqual(block);
      }),
      {
        numRuns: 20,
        examples: [
          [0, false],
          [CHUNK_BYTES, true],
          [CHUNK_BYTES + 1, false],
        ],
      },
    );
  });

  it('that is lost while its digest is computed is no fault of its sender’s', async () => {
    b.losesGiven = true;
    b.transfers.pull(a.nodeId, await a.holds(someBytes(CHUNK_BYTES, 1)), true);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
    expect(b.misdeeds).toEqual([]);
  });

  it('is handed to a request of this node without being kept', async () => {
    const bytes = someBytes(1000, 2);
    const block = await a.holds(bytes);
    const wanted = b.blocks.want(block.digest);
    b.transfers.pull(a.nodeId, { ...block, size: 0 }, false);
    expect(await outcomesOfB(1)).toEqual(['arrived']);
    expect(wanted.take()).toEqual(bytes);
    expect(await b.store.list()).toEqual([]);
  });

  it('is pulled once if ordered twice, and kept if one of the orders says so', async () => {
    const block = await a.holds(someBytes(1000, 3));
    b.transfers.pull(a.nodeId, block, false);
    b.transfers.pull(a.nodeId, block, true);
    await time.pass(1000);
    expect(b.outcomes).toEqual(['kept']);
  });

  it('of a file being stored comes from its source, and no longer once that is removed', async () => {
    const bytes = someBytes(1000, 4);
    const remove = a.blocks.addSource(blockOf(bytes).digest, async () => bytes);
    b.transfers.pull(a.nodeId, blockOf(bytes), true);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    remove();
    b.transfers.pull(a.nodeId, blockOf(bytes), true);
    expect(await outcomesOfB(2)).toEqual(['kept', 'aborted']);
  });

  it('pulled from the node itself comes from its source or its disk', async () => {
    const bytes = someBytes(1000, 5);
    b.blocks.addSource(blockOf(bytes).digest, async () => bytes);
    b.transfers.pull(b.nodeId, blockOf(bytes), true);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    const wanted = b.blocks.want(blockOf(bytes).digest);
    b.transfers.pull(b.nodeId, blockOf(bytes), false);
    expect(await outcomesOfB(2)).toEqual(['kept', 'arrived']);
    expect(wanted.take()).toEqual(bytes);
  });
});

describe('damage', () => {
  it('on the sender’s disk is found before sending: removed, told to its core, refused', async () => {
    const bytes = someBytes(1000, 6);
    const block = blockOf(bytes);
    await a.store.put(block, someBytes(1000, 7));
    b.transfers.pull(a.nodeId, block, true);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
    expect(a.outcomes).toEqual(['lost']);
    expect(await a.store.list()).toEqual([]);
  });

  it('of a changed file falls back to the disk, and to a refusal', async () => {
    const block = blockOf(someBytes(1000, 8));
    a.blocks.addSource(block.digest, () => Promise.reject(new Error('changed')));
    a.blocks.addSource(block.digest, () => Promise.reject(new Error('gone')));
    b.transfers.pull(a.nodeId, block, true);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
    expect(a.counters.snapshot([])).toEqual({ 'files changed while being stored': 2 });
  });

  it('by a lying sender is found by the digest', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.onControl = (control) => {
      if (control.type !== 'pull') return;
      rogue.says(b, { type: 'sending', transfer: control.transfer, size: 1000 });
      rogue.sends(b, control.transfer, 0, someBytes(1000, 11));
    };
    b.transfers.pull(rogue.nodeId, blockOf(someBytes(1000, 10)), true);
    expect(await outcomesOfB(1)).toEqual(['corrupt']);
    expect(b.counters.snapshot([])).toEqual({ 'corrupt blocks received': 1 });
    expect(await b.store.list()).toEqual([]);
  });

  it.each([
    ['not the known one', 1000, 999],
    ['more than any block’s', 0, 4 * MEGABYTE + 1],
  ])('in the size is found before a byte is taken: %s', async (_, known, claimed) => {
    const rogue = new RogueNode(network, 'c');
    rogue.onControl = (control) => {
      if (control.type === 'pull') rogue.says(b, { type: 'sending', transfer: control.transfer, size: claimed });
    };
    b.transfers.pull(rogue.nodeId, { ...blockOf(someBytes(1000, 12)), size: known }, true);
    expect(await outcomesOfB(1)).toEqual(['corrupt']);
    expect(rogue.heard.map(({ type }) => type)).toContain('pull');
  });

  it.each([
    ['out of order', 100, 500],
    ['past the end', 0, 1001],
  ])('in a chunk’s place is found and counted: %s', async (_, offset, size) => {
    const rogue = new RogueNode(network, 'c');
    rogue.onControl = (control) => {
      if (control.type !== 'pull') return;
      rogue.says(b, { type: 'sending', transfer: control.transfer, size: 1000 });
      rogue.sends(b, control.transfer, offset, someBytes(size, 13));
    };
    b.transfers.pull(rogue.nodeId, blockOf(someBytes(1000, 13)), true);
    expect(await outcomesOfB(1)).toEqual(['corrupt']);
    expect(b.counters.snapshot([])).toMatchObject({ 'misbehaved: a chunk out of place': 1 });
  });
});

describe('no room', () => {
  it('on the receiver’s disk fails as full, from a peer and from itself', async () => {
    const bytes = someBytes(1000, 14);
    const block = await a.holds(bytes);
    b = new TransferNode(network, 'c', 999);
    b.transfers.pull(a.nodeId, block, true);
    expect(await outcomesOfB(1)).toEqual(['full']);
    b.blocks.addSource(block.digest, async () => bytes);
    b.transfers.pull(b.nodeId, block, true);
    expect(await outcomesOfB(2)).toEqual(['full', 'full']);
    expect(await b.store.list()).toEqual([]);
  });
});

describe('a silent sender', () => {
  it('is given up after a time, told so, and its late chunks are forgiven up to a bound', async () => {
    const rogue = new RogueNode(network, 'c');
    const block = blockOf(someBytes(2 * MEGABYTE, 15));
    b.transfers.pull(rogue.nodeId, block, true);
    await time.pass(PULL_TIMEOUT_MS - 1);
    expect(b.outcomes).toEqual([]);
    await time.pass(2);
    expect(b.outcomes).toEqual(['aborted']);
    await time.pass(2);
    expect(rogue.heard).toEqual([
      { type: 'pull', transfer: 1, digest: block.digest },
      { type: 'pull-stop', transfer: 1 },
    ]);
    for (let sent = 0; sent < LATE_CHUNK_BYTES; sent += CHUNK_BYTES) rogue.sends(b, 1, sent, someBytes(CHUNK_BYTES, 1));
    await time.pass(100);
    expect(b.counters.snapshot([])).toEqual({ 'transfers given up: the sender is silent': 1 });
    rogue.sends(b, 1, 0, someBytes(CHUNK_BYTES, 1));
    await time.pass(100);
    expect(b.counters.snapshot([])).toMatchObject({ 'misbehaved: bytes nobody asked for': 1 });
  });

  it('is passed over soon where others may have it, and not once it has begun to send', async () => {
    const rogue = new RogueNode(network, 'c');
    const [silent, slow] = [blockOf(someBytes(4000, 17)), blockOf(someBytes(4000, 18))];
    // The first opens the link.
    b.transfers.pull(rogue.nodeId, blockOf(someBytes(10, 1)), true);
    await time.pass(100);
    b.transfers.pull(rogue.nodeId, silent, false, true);
    b.transfers.pull(rogue.nodeId, slow, false, true);
    await time.pass(100);
    rogue.says(b, { type: 'sending', transfer: 3, size: 4000 });
    await time.pass(SILENT_HOLDER_MS);
    expect(b.outcomes).toEqual(['silent']);
    await time.pass(PULL_TIMEOUT_MS - SILENT_HOLDER_MS - 500);
    expect(b.outcomes).toEqual(['silent']);
  });

  it('is not given up while chunks trickle in', async () => {
    const rogue = new RogueNode(network, 'c');
    const bytes = someBytes(4000, 16);
    b.transfers.pull(rogue.nodeId, blockOf(bytes), true);
    await time.pass(100);
    rogue.says(b, { type: 'sending', transfer: 1, size: 4000 });
    for (let offset = 0; offset < 4000; offset += 1000) {
      await time.pass(PULL_TIMEOUT_MS - 500);
      rogue.sends(b, 1, offset, bytes.subarray(offset, offset + 1000));
    }
    expect(await outcomesOfB(1)).toEqual(['kept']);
  });

  it('that does not exist fails the pull', async () => {
    b.transfers.pull(handle('dead').nodeId, blockOf(someBytes(10, 1)), true);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
  });
});

describe('chunks nobody asked for', () => {
  it('cost the sender its link', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.links.connect(b.nodeId);
    await time.pass(100);
    for (let count = 0; count <= MAX_MISDEEDS; count += 1) rogue.sends(b, 1, 0, someBytes(10, 1));
    await time.pass(100);
    expect(b.machine.heard('link-down')).toHaveLength(1);
    expect(rogue.links.links()).toEqual([]);
  });

  it('are those of a transfer that another peer was asked for', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.links.connect(b.nodeId);
    const silent = new RogueNode(network, 'd');
    const bytes = someBytes(1000, 17);
    b.transfers.pull(silent.nodeId, blockOf(bytes), true);
    await time.pass(100);
    rogue.says(b, { type: 'sending', transfer: 1, size: 1000 });
    rogue.sends(b, 1, 0, bytes);
    await time.pass(100);
    expect(b.outcomes).toEqual([]);
    expect(b.counters.snapshot([])).toEqual({ 'misbehaved: bytes nobody asked for': 2 });
  });
});

describe('a transfer cut short', () => {
  it('fails at once when the link closes, and frees both ends', async () => {
    const block = await a.holds(someBytes(4 * MEGABYTE, 18));
    const small = await a.holds(someBytes(10, 19));
    b.transfers.pull(a.nodeId, block, true);
    await time.until(() => b.chunks.length === 3, 1000);
    const others = Array.from({ length: 2 * MAX_INCOMING }, (_, index) => blockOf(someBytes(10, 200 + index)));
    for (const other of others) b.transfers.pull(a.nodeId, other, true);
    a.links.close(b.nodeId, 'budget');
    a.transfers.linkClosed(b.nodeId);
    const aborted = Array.from({ length: others.length + 1 }, () => 'aborted');
    expect(await outcomesOfB(aborted.length)).toEqual(aborted);
    await time.pass(100);
    expect(b.links.links()).toEqual([]);
    b.links.connect(a.nodeId);
    await time.pass(100);
    b.transfers.pull(a.nodeId, small, true);
    expect((await outcomesOfB(aborted.length + 1)).at(-1)).toBe('kept');
    expect(b.counters.snapshot([])).toEqual({});
  });

  it('on the core’s order ends without a word to it, and the sender stops', async () => {
    const block = await a.holds(someBytes(4 * MEGABYTE, 20));
    b.transfers.pull(a.nodeId, block, true);
    await time.until(() => b.chunks.length === 3, 1000);
    b.transfers.stopPull(a.nodeId, block.digest);
    await time.pass(20_000);
    expect(b.outcomes).toEqual([]);
    expect(b.chunks.length).toBeLessThan(10);
    expect(b.counters.snapshot([])).toEqual({});
  });

  it('before its link is open is not asked for after all', async () => {
    const block = await a.holds(someBytes(4 * MEGABYTE, 21));
    b.transfers.pull(a.nodeId, block, true);
    b.transfers.stopPull(a.nodeId, block.digest);
    await time.pass(20_000);
    expect(b.outcomes).toEqual([]);
    expect(b.chunks.length).toBeLessThan(3);
  });

  it('by a receiver that takes nothing frees the sender’s memory', async () => {
    const rogue = new RogueNode(network, 'c');
    const block = await a.holds(someBytes(MEGABYTE, 22));
    rogue.links.connect(a.nodeId);
    await time.pass(100);
    network.latencyMs = 10 * PUSH_TIMEOUT_MS;
    a.transfers.control(rogue.nodeId, { type: 'pull', transfer: 1, digest: block.digest });
    await time.pass(2 * PUSH_TIMEOUT_MS);
    expect(a.counters.snapshot([])).toEqual({ 'transfers given up: the receiver takes nothing': 1 });
  });
});

describe('one link', () => {
  it('is shared in turns by the transfers over it', async () => {
    const blocks = [await a.holds(someBytes(MEGABYTE, 23)), await a.holds(someBytes(MEGABYTE, 24))];
    for (const block of blocks) b.transfers.pull(a.nodeId, block, true);
    await outcomesOfB(2);
    expect(b.chunks).toHaveLength((2 * MEGABYTE) / CHUNK_BYTES);
    const [first] = b.chunks;
    const head = b.chunks.findIndex((transfer) => transfer !== first);
    // What fits before the second block is loaded: two chunks in the buffer, one on its way.
    expect(head).toBeLessThanOrEqual(3);
    const shared = b.chunks.slice(head - 1, b.chunks.lastIndexOf(first ?? 0) + 2);
    expect(shared.filter((transfer, index) => transfer === shared[index - 1])).toEqual([]);
    expect(shared).toHaveLength(b.chunks.length - 2 * (head - 1));
  });

  it('never holds more than two chunks, so that a message is soon through', async () => {
    const block = await a.holds(someBytes(4 * MEGABYTE, 25));
    b.transfers.pull(a.nodeId, block, true);
    await time.until(() => b.chunks.length === 10, 1000);
    const message = { type: 'pong', nonce: 1, self: handle('a') } as const;
    a.machine.answer = ({ type }) => (type === 'wake' ? [{ type: 'send', to: b.nodeId, message }] : []);
    a.driver.dispatch({ type: 'wake' });
    await time.until(() => b.machine.heard('message').length === 1, 1000);
    expect(b.chunks.length).toBeLessThan(13);
    await outcomesOfB(1);
    const chunkFrame = codec.encodeChunk(1, 0, new Uint8Array(CHUNK_BYTES)).length;
    expect(a.links.peakBytes).toBeLessThanOrEqual(2 * chunkFrame + 200);
  });
});

describe('many transfers', () => {
  it('are received a few at a time, and all arrive', async () => {
    const rogue = new RogueNode(network, 'c');
    const all = Array.from({ length: 3 * MAX_INCOMING }, (_, index) => someBytes(1000, 100 + index));
    for (const bytes of all) b.transfers.pull(rogue.nodeId, blockOf(bytes), true);
    await time.pass(100);
    expect(rogue.heard).toHaveLength(MAX_INCOMING);
    rogue.onControl = (control) => {
      if (control.type === 'pull') rogue.says(b, { type: 'pull-refused', transfer: control.transfer, reason: 'busy' });
    };
    for (const control of [...rogue.heard]) rogue.onControl(control);
    expect(await outcomesOfB(all.length)).toEqual(all.map(() => 'aborted'));
    for (const bytes of all) b.transfers.pull(a.nodeId, await a.holds(bytes), true);
    expect((await outcomesOfB(2 * all.length)).slice(all.length)).toEqual(all.map(() => 'kept'));
  });

  it('asked for by one peer are refused beyond a bound, and one id twice is a misdeed', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.links.connect(a.nodeId);
    await time.pass(100);
    const { digest } = await a.holds(someBytes(1000, 26));
    for (let transfer = 1; transfer <= MAX_WAITING_PULLS + 3; transfer += 1) {
      a.transfers.control(rogue.nodeId, { type: 'pull', transfer, digest });
    }
    a.transfers.control(rogue.nodeId, { type: 'pull', transfer: 1, digest });
    await time.pass(100);
    expect(rogue.heard.filter(({ type }) => type === 'pull-refused')).toHaveLength(3);
    expect(a.counters.snapshot([])).toEqual({ 'misbehaved: one transfer id twice': 1 });
  });

  it('that end in vain are bounded for each peer, and told by name; those that are taken are not', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.links.connect(a.nodeId);
    const { digest } = await a.holds(someBytes(1_000_000, 26));
    await time.pass(100);
    let transfer = 0;
    const askAndStop = async (times: number): Promise<void> => {
      for (let count = 0; count < times; count += 1) {
        transfer += 1;
        rogue.says(a, { type: 'pull', transfer, digest });
        await time.pass(1);
        rogue.says(a, { type: 'pull-stop', transfer });
      }
      await time.pass(100);
    };
    await askAndStop(PULLS_IN_VAIN.burst);
    expect(a.misdeeds).toEqual([]);
    await askAndStop(MAX_MISDEEDS + 50);
    expect(new Set(a.misdeeds)).toEqual(new Set(['c: pulls in vain']));
    // Who goes on loses its link.
    expect(a.driver.isOpen(rogue.nodeId)).toBe(false);
    // As many as one likes, one after the other, by one who takes them.
    const small = await a.holds(someBytes(10, 27));
    for (let count = 0; count < PULLS_IN_VAIN.burst + 50; count += 1) {
      b.transfers.pull(a.nodeId, small, false);
      await outcomesOfB(count + 1);
    }
    expect(a.misdeeds.filter((told) => told.startsWith('b'))).toEqual([]);
  });

  it('to a slow peer do not keep a quick one from its block', async () => {
    const rogue = new RogueNode(network, 'c');
    rogue.links.connect(a.nodeId);
    b.links.connect(a.nodeId);
    await time.pass(100);
    const { digest } = await a.holds(someBytes(4 * MEGABYTE, 27));
    for (let transfer = 1; transfer <= MAX_WAITING_PULLS; transfer += 1) {
      a.transfers.control(rogue.nodeId, { type: 'pull', transfer, digest });
    }
    b.transfers.pull(a.nodeId, await a.holds(someBytes(1000, 28)), true);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    const taken = rogue.heard.filter(({ type }) => type === 'sending').length;
    expect(taken).toBeLessThan(MAX_WAITING_PULLS);
  });

  it.each([
    ['nothing for a while', 5_000, 1],
    ['a chunk now and then', 300, 1],
    ['two chunks five times a second', 200, 1],
    ['a chunk now and then, each of many', 300, 9],
  ])('to peers that take %s leave the memory to a quick one, and still arrive', async (_, slowMs, slowPeers) => {
    const slow = Array.from({ length: slowPeers }, (_, index) => new TransferNode(network, `c${index}`));
    b.links.connect(a.nodeId);
    for (const { links } of slow) links.connect(a.nodeId);
    await time.pass(100);
    for (const { nodeId } of slow) network.slowMsById.set(nodeId, slowMs);
    const large = await Promise.all(
      Array.from({ length: MAX_INCOMING }, (_, index) => a.holds(someBytes(MEGABYTE, 300 + index))),
    );
    for (const node of slow) for (const block of large) node.transfers.pull(a.nodeId, block, true);
    await time.pass(100);
    const quick = await Promise.all([0, 1, 2].map((index) => a.holds(someBytes(MEGABYTE, 400 + index))));
    for (const block of quick) b.transfers.pull(a.nodeId, block, true);
    await time.pass(3_000);
    expect(b.outcomes).toEqual(['kept', 'kept', 'kept']);
    for (const { outcomes } of slow) expect(outcomes.length).toBeLessThan(MAX_INCOMING);
    network.slowMsById.clear();
    const all = large.map(() => 'kept');
    await time.until(() => slow.every(({ outcomes }) => outcomes.length === all.length), 120_000);
    for (const node of slow) {
      expect(node.outcomes).toEqual(all);
      expect(node.counters.snapshot([])).toEqual({});
    }
  });
});
