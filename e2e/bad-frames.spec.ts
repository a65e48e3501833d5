// A tab that sends garbage over its links: it is counted and dropped, too much of it closes the link, and the ring goes on.

import { expect, test } from 'playwright/test';
import { PROTOCOL_VERSION } from '../client/src/wire/limits.ts';
import { captureChannels, type RawFrame, sendOnLatestChannel } from './support/channels.ts';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { openPlace } from './support/page.ts';
import { heapBytes, replayFrames } from './support/replay.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

const FILE = { name: 'kept.bin', type: 'application/octet-stream', size: 100_000, seed: 21 };

const [VERSION, MESSAGE, CONTROL, CHUNK] = [PROTOCOL_VERSION, 1, 2, 3];
/** What Chromium sends at most. */
const LARGEST_BYTES = 256 * 1024;

/** Frames and what the receiver counts each as. */
const GARBAGE: readonly (readonly [RawFrame, string])[] = [
  [{ bytes: [] }, 'malformed frame: shorter than its header'],
  [{ bytes: [VERSION] }, 'malformed frame: shorter than its header'],
  [{ bytes: [VERSION + 1, MESSAGE, ...json('["pong"]')] }, 'malformed frame: another protocol version'],
  [{ bytes: [0xff], length: LARGEST_BYTES }, 'malformed frame: another protocol version'],
  [{ bytes: [VERSION, 9, 9, 9] }, 'malformed frame: an unknown kind of frame'],
  [{ bytes: [VERSION, MESSAGE, ...json('{"type":')] }, 'malformed frame: no JSON: SyntaxError'],
  [{ bytes: [VERSION, MESSAGE, 0xc3, 0x28] }, 'malformed frame: no JSON: TypeError'],
  [{ bytes: [VERSION, MESSAGE, ...json('["bogus",1]')] }, 'malformed frame: unknown type'],
  [{ bytes: [VERSION, MESSAGE, ...json('{"__proto__":1}')] }, 'malformed frame: no type'],
  [{ bytes: [VERSION, MESSAGE], length: LARGEST_BYTES }, 'malformed frame: longer than 131072 bytes'],
  [{ bytes: [VERSION, CONTROL], length: 1_000 }, 'malformed frame: longer than 256 bytes'],
  [{ bytes: [VERSION, CHUNK], length: 10 }, 'malformed frame: an empty chunk'],
  [{ bytes: [VERSION, CHUNK], length: LARGEST_BYTES }, 'malformed frame: a chunk of more than 65536 bytes'],
  [{ bytes: [VERSION, CHUNK], length: 2_000 }, 'bytes nobody asked for'],
  [{ text: 'garbage' }, 'not a frame'],
  [{ text: '' }, 'not a frame'],
];

test('garbage frames are counted and dropped; a flood closes the link as misbehaved, and the ring heals', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(1);
  const [victim] = ring.tabs;
  const hostile = await ring.open('/', captureChannels);
  await isActive(hostile);
  if (victim === undefined) return;
  // The hostile tab's one link leads to the victim so far.
  await sendOnLatestChannel(
    hostile,
    GARBAGE.map(([frame]) => frame),
  );
  const counts = new Map<string, number>();
  for (const [, count] of GARBAGE) counts.set(`misbehaved: ${count}`, (counts.get(`misbehaved: ${count}`) ?? 0) + 1);
  await expect.poll(() => misdeedsSeenBy(victim)).toEqual(Object.fromEntries(counts));
  const { nodeId } = await inspect(hostile);
  expect((await inspect(victim)).links).toContainEqual(expect.objectContaining({ nodeId, state: 'open' }));
  expect((await inspect(victim)).counters).not.toHaveProperty('links closed as misbehaved');

  await ring.grow(3);
  const { link } = await storeIn(hostile, FILE);
  const before = await ring.inspections();
  await openPlace(hostile, 'console');
  for (const [flood, repeat, why] of FLOODS) {
    const blamed = await timesBlamed(hostile);
    await sendOnLatestChannel(hostile, [flood], repeat);
    await expect.poll(() => timesBlamed(hostile), why).toBeGreaterThan(blamed);
    await expect(hostile.page.locator('#event-log')).toContainText(
      'the other tab blames this one for malformed messages',
    );
    await ring.settled();
    await linkedAgain(ring);
  }
  expect((await ring.inspections()).map(({ nodeId }) => nodeId)).toEqual(before.map(({ nodeId }) => nodeId));
  await lookupsAreRight(ring);
  for (const tab of ring.tabs) {
    expect(await fetchIn(tab, link)).toEqual(expected(FILE));
    expect(tab.complaints).toEqual([]);
  }
  await ring.stop();
});

/** More of one kind than any link may bring in a while (peer/limits.ts). */
const FLOODS: readonly (readonly [RawFrame, number, string])[] = [
  [{ randomBytes: 1_000 }, 200, 'random bytes'],
  [{ text: 'flood' }, 200, 'text'],
  [{ bytes: [VERSION, CONTROL, ...json('["pull-stop",1]')] }, 12_000, 'well-formed and useless'],
];

/** Frames in each replay: as many as a link may bring in its window, over several links. */
const REPLAYED = 10_000;
/** Of these, each link takes a few before it is closed, and must be dialled again for more. */
const DAMAGED = 2_000;
/** Further hundreds, until each victim has seen several kinds. */
const MOST_MORE = 50;
/** What a tab may keep of all this, bytes: counters, remembered ids, compiled code. */
const MAX_GROWTH_BYTES = 16 * 1024 * 1024;

test('12,000 frames replayed out of order, and damaged, at live links: no harm, no error, nothing kept in memory', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const hostile = await ring.open('/', captureChannels);
  await isActive(hostile);
  await ring.settled();
  const { link } = await storeIn(hostile, FILE);
  const victims = ring.tabs.filter((tab) => tab !== hostile);
  const before = await Promise.all(victims.map(heapBytes));
  const seed = process.env.TABRING_RANDOM_SEEDS === undefined ? 1 : Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);

  expect(await replayFrames(hostile, 'as they were', REPLAYED, seed)).toBe(REPLAYED);
  await ring.settled();
  for (const victim of victims) {
    // So many in so short a time may be more than one node routes, or asks for; nothing else is wrong with them. A victim
    // that had no time for a while gets them all at once, and may close the link for it.
    const seen = Object.keys(await misdeedsSeenBy(victim));
    expect(seen.filter((cause) => !/than one (node routes|may have waiting)$/.test(cause))).toEqual([]);
    if (seen.length === 0) expect((await inspect(victim)).counters['links closed as misbehaved'] ?? 0).toBe(0);
  }
  await lookupsAreRight(ring);

  expect(await replayFrames(hostile, 'damaged', DAMAGED, seed)).toBe(DAMAGED);
  for (const victim of victims) {
    // A link that is closed takes no more, and is closed after so few that they may have been alike: by chance, or on a crowded machine.
    let more = 0;
    const kindsSeen = async (): Promise<number> => Object.keys(await misdeedsSeenBy(victim)).length;
    while ((await kindsSeen()) <= 3 && more < MOST_MORE) {
      more += 1;
      await replayFrames(hostile, 'damaged', 100, seed + more);
    }
    expect(await kindsSeen()).toBeGreaterThan(3);
    expect((await inspect(victim)).counters['links closed as misbehaved']).toBeGreaterThan(0);
  }
  await ring.settled();
  await linkedAgain(ring);
  await lookupsAreRight(ring);
  for (const [index, victim] of victims.entries()) {
    expect(await fetchIn(victim, link)).toEqual(expected(FILE));
    expect(victim.complaints).toEqual([]);
    const grownBytes = (await heapBytes(victim)) - (before[index] ?? 0);
    console.log(`a victim's heap grew by ${Math.round(grownBytes / 1024)} KiB`);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
  }
  await ring.stop();
});

function json(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

async function misdeedsSeenBy(tab: Tab): Promise<Record<string, number>> {
  const { counters } = await inspect(tab);
  return Object.fromEntries(Object.entries(counters).filter(([cause]) => cause.startsWith('misbehaved: ')));
}

async function timesBlamed(tab: Tab): Promise<number> {
  return (await inspect(tab)).counters['links closed because a peer blames this node'] ?? 0;
}

/** Waits until each tab has an open link to each other one: in a ring this small all are in all leaf sets. */
async function linkedAgain(ring: Ring): Promise<void> {
  await expect
    .poll(
      async () => {
        const inspections = await ring.inspections();
        return inspections.map(({ links }) => links.filter(({ state }) => state === 'open').length);
      },
      { timeout: 60_000 },
    )
    .toEqual(ring.tabs.map(() => ring.tabs.length - 1));
}
