// Leases of files in a ring of real peers: what is stored is kept for a time, renewed, deleted, and leaves nothing unfinished.

import { describe, expect, it } from 'vitest';
import { LEASE_SLACK_MS } from '../../src/core/past/lease.ts';
import { SWEEP_MS } from '../../src/core/past/lease-sweep.ts';
import type { StoredFile } from '../../src/peer/api.ts';
import { LEASE_LOOK_MS, LEASE_RETRY_MS, UNFINISHED_LEASE_MS } from '../../src/peer/limits.ts';
import type { NewFile } from '../../src/peer/own-files.ts';
import { fileOf, RING_STARTED_MS, TestRing } from './ring.ts';
import { someBytes } from './transfer-node.ts';

const NAMES = ['0a', '3c', '7e', 'b0'];
const DAY_MS = 24 * 60 * 60_000;
/** A lease is over, and the sweep has seen it. */
const UNTIL_SWEPT_MS = LEASE_SLACK_MS + 3 * SWEEP_MS;

async function open(): Promise<TestRing> {
  const ring = new TestRing({ segmentBytes: 100_000 });
  await ring.open(...NAMES);
  return ring;
}

async function store(ring: TestRing, isPublic = false): Promise<StoredFile> {
  const file = fileOf('a.bin', someBytes(250_000, 3));
  const stored = await ring.time.result(ring.node('0a').peer.store(file, { isPublic }), 60_000);
  await ring.time.pass(5_000);
  return stored;
}

/** Blocks on all disks, copies counted. */
async function copies(ring: TestRing): Promise<number> {
  let count = 0;
  for (const { store: disk } of ring.nodes.values()) count += (await disk.list()).length;
  return count;
}

async function expiries(ring: TestRing): Promise<number[]> {
  const all = await Promise.all([...ring.nodes.values()].map(({ store: disk }) => disk.leases()));
  return all.flat().flatMap(({ leases }) => leases.map(({ expires }) => expires - RING_STARTED_MS));
}

/** The ring's time goes on, everywhere at once. */
function skip(ring: TestRing, ms: number): void {
  for (const node of ring.nodes.values()) node.clockErrorMs += ms;
}

function own(ring: TestRing) {
  return ring.node('0a').peer.listFiles().own[0];
}

async function savedFile(ring: TestRing): Promise<NewFile> {
  const [saved] = (await ring.node('0a').settings.get('own-files')) as NewFile[];
  if (saved === undefined) throw new Error('no own file');
  return saved;
}

/** As earlier versions kept it, and its segments. */
function asBefore({ fileId, name, type, size, storedAt, segments }: NewFile): NewFile {
  return { fileId, name, type, size, storedAt, segments };
}

describe('a stored file', () => {
  it('P49: has its whole time once it is in place, the name record too', async () => {
    const ring = await open();
    await store(ring, true);
    const kept = await expiries(ring);
    expect(kept).toHaveLength(3 * 5);
    expect(Math.min(...kept)).toBeGreaterThan(6 * DAY_MS);
    expect(own(ring)?.expires).toBeLessThanOrEqual(RING_STARTED_MS + Math.max(...kept));
    expect(own(ring)?.expires).toBeGreaterThan(RING_STARTED_MS + 6 * DAY_MS);
    const status = await ring.time.result(ring.node('0a').peer.fileStatus(own(ring)?.fileId ?? ''), 30_000);
    expect(status.expires).toBe(own(ring)?.expires);
  });

  it.each(['is cancelled', 'loses its storer'])('P49: that is not finished leaves nothing: it %s', async (how) => {
    const ring = await open();
    const stop = new AbortController();
    const { peer } = ring.node('0a');
    const whole = fileOf('a.bin', someBytes(600_000, 3));
    const file = {
      ...whole,
      slice: (start: number, end: number) => {
        if (start < 500_000) return whole.slice(start, end);
        if (how === 'is cancelled') stop.abort();
        if (how === 'loses its storer') ring.kill('0a');
        return { arrayBuffer: () => Promise.reject(new Error('gone')) };
      },
    };
    const failed = peer.store(file, { isPublic: false, signal: stop.signal }).catch((error: unknown) => error);
    await ring.time.pass(10_000);
    expect(await copies(ring)).toBeGreaterThan(0);
    expect(Math.max(...(await expiries(ring)))).toBeLessThan(UNFINISHED_LEASE_MS + 60_000);
    if (how === 'loses its storer') ring.nodes.delete('0a');
    else await failed;
    skip(ring, UNFINISHED_LEASE_MS);
    await ring.time.pass(UNTIL_SWEPT_MS);
    expect(await copies(ring)).toBe(0);
    expect(await expiries(ring)).toEqual([]);
  });

  it.each([false, true])(
    'P49: is kept until the time that its storer says, and not renewed; public: %s',
    async (isPublic) => {
      const ring = await open();
      const until = RING_STARTED_MS + DAY_MS;
      const file = fileOf('a.bin', someBytes(250_000, 3));
      await ring.time.result(ring.node('0a').peer.store(file, { isPublic, expires: until }), 60_000);
      await ring.time.pass(5_000);
      expect(new Set(await expiries(ring))).toEqual(new Set([DAY_MS]));
      expect(own(ring)).toMatchObject({ expires: until, isPinned: false });
      skip(ring, DAY_MS - 60 * 60_000);
      await ring.time.pass(2 * LEASE_LOOK_MS);
      expect(await copies(ring)).toBe(3 * (isPublic ? 5 : 4));
      skip(ring, 60 * 60_000);
      await ring.time.pass(UNTIL_SWEPT_MS + LEASE_LOOK_MS);
      expect(await copies(ring)).toBe(0);
      expect(own(ring)).toBeUndefined();
    },
  );

  it('P49: cannot be kept for less than a minute, longer than leases are, or until no time at all', async () => {
    const ring = await open();
    const { peer } = ring.node('0a');
    for (const expires of [RING_STARTED_MS - 1, RING_STARTED_MS + 59_000, RING_STARTED_MS + 8 * DAY_MS, Number.NaN]) {
      const storing = peer.store(fileOf('a.bin', someBytes(1_000, 3)), { expires });
      await expect(ring.time.result(storing, 60_000)).rejects.toMatchObject({ code: 'bad-time' });
    }
    for (const keptMs of [-1, 59_000, 8 * DAY_MS, Number.NaN]) {
      const storing = peer.store(fileOf('a.bin', someBytes(1_000, 3)), { keptMs });
      await expect(ring.time.result(storing, 60_000)).rejects.toMatchObject({ code: 'bad-time' });
    }
    const twice = peer.store(fileOf('a.bin', someBytes(1_000, 3)), {
      expires: RING_STARTED_MS + DAY_MS,
      keptMs: DAY_MS,
    });
    await expect(ring.time.result(twice, 60_000)).rejects.toThrow('either expires or keptMs');
    expect(await copies(ring)).toBe(0);
    expect(own(ring)).toBeUndefined();
  });

  it('P49: is kept for as long as is asked by the ring’s clock: this device’s calendar says another year', async () => {
    const ring = await open();
    const storing = ring.node('0a').peer.store(fileOf('a.bin', someBytes(1_000, 3)), { keptMs: DAY_MS });
    await ring.time.result(storing, 60_000);
    expect(Math.round(((own(ring)?.expires ?? 0) - RING_STARTED_MS) / 60_000)).toBe(DAY_MS / 60_000);
    expect(own(ring)?.isPinned).toBe(false);
  });

  it('P50: is renewed half-way through its time, while it is pinned', async () => {
    const ring = await open();
    await store(ring, true);
    skip(ring, 5 * DAY_MS);
    await ring.time.pass(2 * LEASE_LOOK_MS);
    expect(Math.min(...(await expiries(ring)))).toBeGreaterThan(11 * DAY_MS);
    expect(own(ring)?.expires).toBeGreaterThan(RING_STARTED_MS + 11 * DAY_MS);
    skip(ring, 5 * DAY_MS);
    await ring.time.pass(UNTIL_SWEPT_MS);
    expect(await copies(ring)).toBe(3 * 5);
  });

  it('P50: that is not pinned goes when its time is over', async () => {
    const ring = await open();
    const { link } = await store(ring);
    await ring.node('0a').peer.unpin(link);
    expect(own(ring)).toMatchObject({ isPinned: false });
    skip(ring, 6 * DAY_MS);
    await ring.time.pass(UNTIL_SWEPT_MS);
    expect(await copies(ring)).toBe(3 * 4);
    skip(ring, DAY_MS);
    await ring.time.pass(UNTIL_SWEPT_MS);
    expect(await copies(ring)).toBe(0);
    await ring.time.pass(LEASE_LOOK_MS);
    expect(own(ring)).toBeUndefined();
  });

  it('P50: can be pinned again, which renews it at once', async () => {
    const ring = await open();
    const { link } = await store(ring);
    await ring.node('0a').peer.unpin(link);
    skip(ring, 6 * DAY_MS);
    await ring.time.result(ring.node('0a').peer.pin(link), 60_000);
    expect(Math.min(...(await expiries(ring)))).toBeGreaterThan(12 * DAY_MS);
  });

  it('P50: of an earlier version gets an owner, and stays listed', async () => {
    const ring = await open();
    const { fileId } = await store(ring, true);
    const saved = await savedFile(ring);
    ring.kill('0a');
    await ring.time.pass(30_000);
    await ring.node('0a').settings.set('own-files', [asBefore(saved)]);
    await ring.open('0a');
    await ring.time.pass(2 * LEASE_LOOK_MS);
    expect(own(ring)?.expires).toBeGreaterThan(RING_STARTED_MS + 6 * DAY_MS);
    expect(await savedFile(ring)).toHaveProperty('record.key', saved.record?.key);
    expect(await ring.time.result(ring.node('0a').peer.remove(fileId), 120_000)).toMatchObject({ isDone: true });
  });

  it('P50: of an earlier version that nobody listed is not listed now', async () => {
    const ring = await open();
    await store(ring, true);
    const saved = await savedFile(ring);
    for (const name of NAMES) ring.kill(name);
    await ring.time.pass(30_000);
    for (const node of ring.nodes.values()) await node.store.delete(saved.record?.digest ?? '');
    await ring.node('0a').settings.set('own-files', [asBefore(saved)]);
    await ring.open(...NAMES);
    // The first try comes while all of them join.
    await ring.time.pass(LEASE_RETRY_MS + 2 * LEASE_LOOK_MS);
    expect(own(ring)?.expires).toBeGreaterThan(RING_STARTED_MS + 6 * DAY_MS);
    const found = await ring.time.result(ring.node('7e').peer.find('a.bin'), 60_000);
    expect([found.files, found.missing]).toEqual([[], 0]);
  });
});

describe('a deletion', () => {
  it('P46: is gone from all disks, its name too, and told as it is', async () => {
    const ring = await open();
    const { link, fileId } = await store(ring, true);
    const removed = await ring.time.result(ring.node('0a').peer.remove(link), 60_000);
    expect(removed).toEqual({ fileId, name: 'a.bin', holders: 4, deletedAt: 4, isDone: true });
    expect(await copies(ring)).toBe(0);
    expect(own(ring)).toBeUndefined();
    expect(await ring.node('0a').settings.get('own-files')).toEqual([]);
    const found = await ring.time.result(ring.node('7e').peer.find('a.bin'), 60_000);
    expect(found.files).toEqual([]);
  });

  it('P47: is its owner’s alone', async () => {
    const ring = await open();
    const { link } = await store(ring);
    const { peer } = ring.node('7e');
    const works: (() => Promise<unknown>)[] = [() => peer.remove(link), () => peer.pin(link), () => peer.unpin(link)];
    for (const work of works)
      await expect(ring.time.result(work(), 60_000)).rejects.toMatchObject({ code: 'not-owner' });
    expect(await copies(ring)).toBe(3 * 4);
  });

  it('P48: wins over the copies of a holder that was away', async () => {
    const ring = await open();
    const { link } = await store(ring);
    ring.kill('b0');
    ring.kill('7e');
    await ring.time.pass(30_000);
    await ring.time.result(ring.node('0a').peer.remove(link), 120_000);
    expect(await copies(ring)).toBeGreaterThan(0);
    await ring.open('b0', '7e');
    await ring.time.pass(3 * 60_000);
    expect(await copies(ring)).toBe(0);
  });

  it('P46: that was begun goes on after a crash', async () => {
    const ring = await open();
    const { link } = await store(ring);
    for (const name of ['3c', '7e', 'b0']) ring.kill(name);
    const removed = ring.node('0a').peer.remove(link);
    await ring.time.until(() => own(ring) === undefined, 10_000);
    ring.kill('0a');
    await ring.open('3c', '7e', 'b0', '0a');
    await ring.time.pass(3 * LEASE_LOOK_MS);
    expect(await copies(ring)).toBe(0);
    expect(own(ring)).toBeUndefined();
    void removed;
  });

  it('P47: of a public file that was stored twice from here ends it', async () => {
    const ring = await open();
    await store(ring, true);
    const { link } = await store(ring, true);
    await ring.time.result(ring.node('0a').peer.remove(link), 60_000);
    await ring.time.pass(10_000);
    const blocks = await Promise.all([...ring.nodes.values()].map(({ store: disk }) => disk.list()));
    // The name records were two, and of the first nothing is known any more: it goes when its time is over.
    expect(new Set(blocks.flat().map(({ digest }) => digest)).size).toBeLessThanOrEqual(1);
  });
});

it('P43: the core makes leases of whole milliseconds, whatever the clock gives', async () => {
  const ring = await open();
  const node = ring.node('0a');
  node.clockErrorMs = 0.25;
  expect(node.coreTime()).toBe(Math.floor(RING_STARTED_MS + ring.time.now + 0.25));
});

describe('a disk', () => {
  it('P44: that cannot keep a lease keeps no block', async () => {
    const ring = await open();
    const { store: disk } = ring.node('7e');
    disk.refusesLeases = true;
    await store(ring);
    await ring.time.pass(60_000);
    expect(await disk.list()).toEqual([]);
  });
});
