// Disks that are cleared, or fail, under a living peer: noticed, told, and their copies made again by the others.

import { describe, expect, it } from 'vitest';
import type { PeerEvent } from '../../src/peer/api.ts';
import { DISK_CHECK_MS, LEAVE_TIMEOUT_MS, SCRUB_BYTES } from '../../src/peer/limits.ts';
import { digestOfBlob, fileOf, TestRing } from './ring.ts';
import { sha256Of, someBytes } from './transfer-node.ts';

const BYTES = someBytes(290_000, 7);
const NOTICED_MS = DISK_CHECK_MS + 1_000;
const REPAIRED_MS = 60_000;

describe('P41: the disk is asked, not the memory', () => {
  it('two of three holders are cleared one after the other, and the third leaves: all is still there', async () => {
    const { ring, link } = await storedIn('0a', '1b', '3c');
    const events = eventsOf(ring, '1b');
    for (const name of ['1b', '3c']) {
      ring.node(name).store.clear();
      await ring.time.pass(REPAIRED_MS);
      expect(await ring.node(name).store.list()).toHaveLength(4);
    }
    expect(events).toContainEqual(expect.objectContaining({ type: 'disk', state: 'cleared' }));
    await ring.time.result(ring.node('0a').peer.leave(), LEAVE_TIMEOUT_MS);
    for (const name of ['1b', '3c']) {
      const fetched = await ring.time.result(ring.node(name).peer.retrieve(link), 60_000);
      expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(BYTES));
    }
  });

  it('is noticed within seconds, and told to whoever counts', async () => {
    const { ring } = await storedIn('0a', '1b', '3c');
    const { peer, store } = ring.node('1b');
    store.refusesWrites = true;
    store.clear();
    await ring.time.pass(NOTICED_MS);
    expect(peer.inspect().held.objects).toBe(0);
    expect(ring.node('0a').peer.listFiles().own[0]).toMatchObject({ copies: 2, state: 'copying' });
  });

  it('a disk that cannot be read holds nothing; once it can be, it holds what is on it', async () => {
    const { ring } = await storedIn('0a', '1b', '3c');
    const { peer, store } = ring.node('1b');
    const events = eventsOf(ring, '1b');
    store.isBroken = true;
    await ring.time.pass(4 * NOTICED_MS);
    expect(peer.inspect().held.objects).toBe(0);
    expect(ring.node('0a').peer.listFiles().own[0]).toMatchObject({ copies: 2 });
    expect(statesOf(events)).toEqual(['failing']);
    store.isBroken = false;
    await ring.time.pass(REPAIRED_MS);
    expect(peer.inspect().held.objects).toBe(4);
    expect(ring.node('0a').peer.listFiles().own[0]).toMatchObject({ copies: 3, state: 'safe' });
    expect(statesOf(events)).toEqual(['failing', 'ok']);
  });

  it('a disk that hangs for a moment is none that fails', async () => {
    const { ring } = await storedIn('0a', '1b', '3c');
    const { peer, store } = ring.node('1b');
    const events = eventsOf(ring, '1b');
    store.isBroken = true;
    await ring.time.pass(NOTICED_MS);
    store.isBroken = false;
    await ring.time.pass(NOTICED_MS);
    expect(peer.inspect().held.objects).toBe(4);
    expect(statesOf(events)).toEqual([]);
  });
});

describe('P42: everything on the disk is read and checked, slowly', () => {
  it('copies gone bad that nobody reads are found in the time that it takes, and replaced', async () => {
    const { ring } = await storedIn('0a', '1b', '3c');
    const lost: string[] = [];
    for (const name of ['1b', '3c']) {
      const { peer, store } = ring.node(name);
      peer.subscribe((event) => {
        if (event.type === 'trace' && event.event.kind === 'lost') lost.push(`${name} ${event.event.digest}`);
      });
      for (const ref of await store.list()) await store.put(ref, someBytes(ref.size, 9));
    }
    // All that is here fits into one look.
    expect(BYTES.length).toBeLessThan(SCRUB_BYTES);
    await ring.time.pass(NOTICED_MS);
    expect(new Set(lost).size).toBe(8);
    await ring.time.pass(REPAIRED_MS);
    for (const name of ['1b', '3c']) {
      const { store } = ring.node(name);
      for (const { digest } of await store.list()) expect(sha256Of((await store.get(digest)) ?? BYTES)).toBe(digest);
      expect(await store.list()).toHaveLength(4);
    }
  });
});

/** Three segments and a manifest, held by three. */
async function storedIn(...names: string[]): Promise<{ ring: TestRing; link: string }> {
  const ring = new TestRing({ segmentBytes: 100_000 });
  await ring.open(...names);
  const storing = ring.node(names[0] ?? '').peer.store(fileOf('a', BYTES));
  const { link } = await ring.time.result(storing, 30_000);
  await ring.time.pass(5_000);
  return { ring, link };
}

function eventsOf(ring: TestRing, name: string): PeerEvent[] {
  const events: PeerEvent[] = [];
  ring.node(name).peer.subscribe((event) => events.push(event));
  return events;
}

function statesOf(events: readonly PeerEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'disk' ? [event.state] : []));
}
