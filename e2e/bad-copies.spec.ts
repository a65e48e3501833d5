// Copies that went bad: on a holder's disk, and in a holder's hands. Readers get the right bytes from another copy, and bad
// ones are replaced.

import { expect, test } from 'playwright/test';
import { captureChannels, spoil } from './support/channels.ts';
import { type Damage, damageBlock, digestOnDisk } from './support/disk.ts';
import { copiesComplete, expected, fetchErrorIn, fetchIn, storeIn } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

/** One segment and a manifest. */
const FILE = { name: 'precious.bin', type: 'application/octet-stream', size: 300_000, seed: 11 };
/** By which a sealed segment is longer. */
const SEAL_BYTES = 16;
const TABS = 6;
const COPIES = 3;

let ring: Ring;
let link: string;

test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser);
  for (let opened = 0; opened < TABS; opened += 1) await isActive(await ring.open('/', captureChannels));
  await ring.settled();
  const storing = first(ring.tabs);
  ({ link } = await storeIn(storing, FILE));
  await copiesComplete(storing, COPIES);
});
test.afterAll(async () => {
  await ring.stop();
});

for (const damage of ['flipped', 'truncated', 'missing'] satisfies Damage[]) {
  test(`a segment ${damage} on a holder's disk is fetched from another holder, and replaced`, async () => {
    const { digest, holders, strangers } = await segment();
    const [victim, stranger] = [first(holders), first(strangers)];
    const lostBefore = await timesLost(victim);
    await damageBlock(victim, digest, damage);
    expect(await digestOnDisk(victim, digest)).not.toBe(digest);
    await fetchUntil(stranger, async () => (await timesLost(victim)) > lostBefore);
    if (damage !== 'missing') expect((await inspect(victim)).counters['corrupt blocks on disk']).toBeGreaterThan(0);
    await allCopiesAreRight(digest);
    expect(await fetchIn(stranger, link)).toEqual(expected(FILE));
  });
}

test('a holder that sends wrong bytes is found out by whoever fetches, who asks another', async () => {
  const { digest, holders, strangers } = await segment();
  const [liar, stranger] = [first(holders), first(strangers)];
  await spoil(liar, true);
  await fetchUntil(stranger, async () => (await spoil(liar, true)) > 0);
  expect((await inspect(stranger)).counters['corrupt blocks received']).toBeGreaterThan(0);
  await spoil(liar, false);
  // What it has on disk was right all the time: nobody need replace it.
  await allCopiesAreRight(digest);
});

test('if every copy is bad the fetch says so, and nothing wrong is ever handed out', async () => {
  const { digest, holders, strangers } = await segment();
  for (const holder of holders) await damageBlock(holder, digest, 'flipped');
  const { code, message } = await fetchErrorIn(first(strangers), link);
  expect(code).toBe('not-found');
  expect(message).toMatch(/no node of this ring has it/);
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
});

interface Copies {
  readonly digest: string;
  readonly holders: readonly Tab[];
  readonly strangers: readonly Tab[];
}

/** The file's one segment, told from its manifest by its size, and who holds it. */
async function segment(): Promise<Copies> {
  const holders: Tab[] = [];
  const strangers: Tab[] = [];
  let found = '';
  for (const tab of ring.tabs) {
    const { held } = await tab.page.evaluate(() => window.tabring?.listFiles() ?? { held: [] });
    const digest = held.find(({ size }) => size === FILE.size + SEAL_BYTES)?.digest;
    (digest === undefined ? strangers : holders).push(tab);
    found = digest ?? found;
  }
  return { digest: found, holders, strangers };
}

/** Waits until three tabs say that they hold the segment, and have it on their disks. */
async function allCopiesAreRight(digest: string): Promise<void> {
  const onDisks = async (): Promise<(string | undefined)[]> => {
    const { holders } = await segment();
    return Promise.all(holders.map((holder) => digestOnDisk(holder, digest)));
  };
  await expect.poll(onDisks, { timeout: 30_000 }).toEqual(Array.from({ length: COPIES }, () => digest));
}

/** Fetches again and again, always right, until `isEnough`: each time another holder is asked first. */
async function fetchUntil(tab: Tab, isEnough: () => Promise<boolean>): Promise<void> {
  const fetchOnce = async (): Promise<boolean> => {
    expect(await fetchIn(tab, link)).toEqual(expected(FILE));
    return isEnough();
  };
  await expect.poll(fetchOnce, { intervals: [100], timeout: 20_000 }).toBe(true);
}

/** How often the tab says in its event log that a copy of its own was bad. */
async function timesLost(tab: Tab): Promise<number> {
  await openPlace(tab, 'console');
  return tab.page.locator('#event-log li', { hasText: 'was missing or damaged' }).count();
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}
