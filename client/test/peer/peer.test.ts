// Whole peers in a ring: what a user does, with everything real but the network, the disk and the clock.

import { describe, expect, it } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import type { PeerEvent } from '../../src/peer/api.ts';
import { LEAVE_TIMEOUT_MS } from '../../src/peer/limits.ts';
import { id } from './ids.ts';
import { digestOfBlob, fileOf, TestRing } from './ring.ts';
import { blockOf, sha256Of, someBytes } from './transfer-node.ts';

const NAMES = ['0a', '1b', '3c', '5d', '7e', '9f', 'b0', 'd1'];
const FILES = [
  fileOf('random.bin', someBytes(25_000_000, 1)),
  fileOf('empty', new Uint8Array(), ''),
  fileOf('one byte', Uint8Array.of(7), 'x/y'),
  fileOf('naïve 日本 😀.txt', new TextEncoder().encode('zażółć gęślą jaźń'), 'text/plain'),
];

describe('a ring of eight', () => {
  it('finds the root of any key from any node, and tells the route', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    for (let index = 0; index < 16; index += 1) {
      const { peer } = ring.node(NAMES[index % NAMES.length] ?? '');
      const key = sha256Of(Uint8Array.of(index)).slice(0, 32);
      const { root, route, hops } = await ring.time.result(peer.lookup(key), 30_000);
      expect(root).toBe(closestId(id(key), NAMES.map(id)));
      expect([route[0], route.at(-1), hops]).toEqual([peer.nodeId, root, route.length - 1]);
    }
  });

  it('is not founded a second time by a tab whose sponsor dies while the Discovery node is away', async () => {
    const ring = new TestRing();
    await ring.open('0a');
    ring.isDiscoveryAway = true;
    await ring.start('7e');
    ring.kill('0a');
    await ring.time.pass(60_000);
    expect(ring.node('7e').peer.status).toBe('joining');
    ring.isDiscoveryAway = false;
    await ring.time.until(() => ring.node('7e').peer.status === 'active', 30_000);
  });

  it('keeps files when the tab that stored them is killed', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    const storer = ring.node('5d');
    const stored = [];
    for (const file of FILES) stored.push(await ring.time.result(storer.peer.store(file), 60_000));
    for (const { fileId, link, key, copies } of stored) {
      expect(link).toMatch(new RegExp(`^https://ring.example/#/f/${fileId}\\.[\\w-]{43}$`));
      expect(key).toBe(fileId.slice(0, 32));
      expect(copies).toBeGreaterThanOrEqual(2);
    }
    await ring.time.until(() => storer.peer.listFiles().own.every(({ copies }) => copies === 3), 60_000);
    ring.kill('5d');
    for (const [index, file] of FILES.entries()) {
      const reader = ring.node(['0a', '9f', 'd1', '1b'][index] ?? '').peer;
      const fetched = await ring.time.result(reader.retrieve(stored[index]?.link ?? ''), 120_000);
      expect([fetched.name, fetched.type, fetched.size]).toEqual([file.name, file.type, file.size]);
      const original = new Uint8Array(await file.slice(0, file.size).arrayBuffer());
      expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(original));
    }
  });

  it('uses another copy for a corrupt one, and replaces it', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const bytes = someBytes(100_000, 2);
    const stored = await ring.time.result(ring.node('0a').peer.store(fileOf('a', bytes), { isPublic: true }), 30_000);
    const block = blockOf(bytes);
    const holdersOf = async (): Promise<string[]> => {
      const names: string[] = [];
      for (const [name, { store }] of ring.nodes) {
        const held = await store.get(block.digest);
        if (held !== undefined && sha256Of(held) === block.digest) names.push(name);
      }
      return names;
    };
    await ring.time.pass(5_000);
    const holders = await holdersOf();
    expect(holders).toHaveLength(3);
    const damaged = holders.slice(0, 2);
    for (const name of damaged) await ring.node(name).store.put(block, someBytes(100_000, 3));
    for (const name of [...NAMES.filter((other) => !holders.includes(other)), ...damaged]) {
      const fetched = await ring.time.result(ring.node(name).peer.retrieve(stored.link), 60_000);
      expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(block.digest);
    }
    await ring.time.pass(120_000);
    expect((await holdersOf()).toSorted()).toEqual(holders.toSorted());
  });

  it('hands off before a leave, which tells all concerned', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const leaver = ring.node('3c');
    const events: PeerEvent[] = [];
    leaver.peer.subscribe((event) => events.push(event));
    const stored = await ring.time.result(leaver.peer.store(fileOf('a', someBytes(500_000, 4))), 30_000);
    await ring.time.result(leaver.peer.leave(), LEAVE_TIMEOUT_MS + 1_000);
    expect(leaver.hasLeft).toBe(true);
    expect(events.at(-1)).toEqual({ type: 'status', status: 'left' });
    await expect(leaver.peer.lookup('0')).rejects.toMatchObject({ code: 'left' });
    await ring.time.pass(1_000);
    expect(leaver.peer.inspect().links).toEqual([]);
    const { leafSet } = ring.node('5d').peer.inspect();
    expect([...leafSet.cw, ...leafSet.ccw]).not.toContain(id('3c'));
    const fetched = await ring.time.result(ring.node('d1').peer.retrieve(stored.link), 30_000);
    expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(someBytes(500_000, 4)));
  });

  it('tells what it sends to whom, and the devices of those it knows', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '7e');
    const [sender, receiver] = [ring.node('0a').peer, ring.node('7e').peer];
    const events: PeerEvent[] = [];
    sender.subscribe((event) => events.push(event));
    const bytes = someBytes(100_000, 9);
    await ring.time.result(sender.store(fileOf('a', bytes), { isPublic: true }), 30_000);
    await ring.time.until(() => receiver.inspect().held.objects === 3, 30_000);
    const { digest } = blockOf(bytes);
    expect(events).toContainEqual({ type: 'sent', nodeId: receiver.nodeId, digest, size: 100_000 });
    expect(events.filter(({ type }) => type === 'sent')).toHaveLength(3);
    const { devices } = sender.inspect();
    expect(Object.keys(devices)).toEqual([sender.nodeId, receiver.nodeId]);
    expect(receiver.inspect().devices).toEqual(devices);
  });

  it('takes a reloaded tab back, with what it held and the list of its files', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const stored = await ring.time.result(ring.node('3c').peer.store(fileOf('a', someBytes(500_000, 5))), 30_000);
    await ring.time.pass(5_000);
    const heldBefore = ring.node('3c').peer.inspect().held.objects;
    ring.node('3c').peer.goodbye();
    expect(ring.node('3c').peer.status).toBe('left');
    await ring.time.pass(100);
    await ring.open('3c');
    await ring.time.pass(20_000);
    const { files, held } = ring.node('3c').peer.inspect();
    expect(files.map(({ fileId, copies }) => [fileId, copies])).toEqual([[stored.fileId, 3]]);
    expect(held.objects).toBe(heldBefore);
  });
});

describe('a node alone', () => {
  it('keeps its own files, and says that there is one copy', async () => {
    const ring = new TestRing();
    await ring.open('0a');
    const { peer } = ring.node('0a');
    const stored = await ring.time.result(peer.store(fileOf('a', someBytes(200_000, 6))), 30_000);
    expect(stored.copies).toBe(1);
    const fetched = await ring.time.result(peer.retrieve(stored.link), 30_000);
    expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(someBytes(200_000, 6)));
    expect(peer.listFiles().held).toHaveLength(2);
  });

  it('reports progress, and stores a segment that occurs twice once', async () => {
    const ring = new TestRing({ segmentBytes: 50_000 });
    await ring.open('0a');
    const { peer } = ring.node('0a');
    const doneBytes: number[] = [];
    const zeros = fileOf('zeros', new Uint8Array(220_000));
    const onProgress = (progress: { doneBytes: number; totalBytes: number }): void => {
      expect(progress.totalBytes).toBe(220_000);
      doneBytes.push(progress.doneBytes);
    };
    const stored = await ring.time.result(peer.store(zeros, { onProgress, isPublic: true }), 30_000);
    expect([doneBytes[0], doneBytes.at(-1)]).toEqual([0, 220_000]);
    expect(doneBytes).toEqual(doneBytes.toSorted((a, b) => a - b));
    expect(peer.inspect().held).toMatchObject({ objects: 4 });
    doneBytes.length = 0;
    const fetched = await ring.time.result(peer.retrieve(stored.link, { onProgress }), 30_000);
    await ring.time.result(fetched.blob(), 30_000);
    expect([doneBytes[0], doneBytes.at(-1)]).toEqual([0, 220_000]);
  });
});

describe('errors have codes', () => {
  it('for ids, links and files that do not exist, and for cancelling', async () => {
    const ring = new TestRing();
    await ring.open('0a', '7e');
    const { peer } = ring.node('0a');
    const failing: readonly (readonly [Promise<unknown>, string])[] = [
      [peer.lookup('xyz'), 'bad-id'],
      [peer.lookup(' '), 'bad-id'],
      [peer.lookup('0'.repeat(33)), 'bad-id'],
      [peer.retrieve('nonsense'), 'bad-link'],
      [peer.retrieve('0'.repeat(64)), 'not-found'],
      [peer.store(fileOf('x'.repeat(2000), Uint8Array.of(1))), 'too-large'],
      [peer.store({ ...fileOf('a', new Uint8Array()), size: Number.MAX_SAFE_INTEGER }), 'too-large'],
      [peer.store({ ...fileOf('a', Uint8Array.of(1)), size: 2 }), 'storage'],
      [peer.store(fileOf('a', someBytes(10, 1)), { signal: AbortSignal.abort() }), 'aborted'],
      [peer.retrieve('0'.repeat(64), { signal: AbortSignal.abort() }), 'aborted'],
    ];
    for (const [promise] of failing) promise.catch(() => undefined);
    for (const [promise, code] of failing) {
      await expect(ring.time.result(promise, 60_000)).rejects.toMatchObject({ name: 'PeerError', code });
    }
  });

  it('for blocks that are no files, as any segment is', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '7e');
    const bytes = someBytes(100_000, 7);
    await ring.time.result(ring.node('0a').peer.store(fileOf('a', bytes), { isPublic: true }), 30_000);
    const fetching = ring.node('7e').peer.retrieve(sha256Of(bytes));
    await expect(ring.time.result(fetching, 60_000)).rejects.toMatchObject({ code: 'wrong-key' });
  });

  it('for a store that is cancelled under way', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '7e');
    const controller = new AbortController();
    const storing = ring.node('0a').peer.store(fileOf('a', someBytes(5_000_000, 8)), {
      signal: controller.signal,
      onProgress: ({ doneBytes }) => doneBytes > 1_000_000 && controller.abort(),
    });
    await expect(ring.time.result(storing, 60_000)).rejects.toMatchObject({ code: 'aborted' });
    expect(ring.node('0a').peer.listFiles().own).toEqual([]);
  });
});
