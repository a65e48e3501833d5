// A tab that is frozen for a while, as under a closed lid: the ring closes over it, it delivers nothing stale when it
// wakes, and is back soon.

import { type Browser, expect } from 'playwright/test';
import type { Id } from '../../client/src/core/pastry/id.ts';
import { took } from './bounds.ts';
import { expected, fetchIn, storeIn } from './files.ts';
import { freeze } from './freeze.ts';
import { lookupsAreRight } from './lookups.ts';
import { inspect, isActive, Ring, rootOf, type Tab } from './ring.ts';

/** The third will be frozen; the newcomer takes KEY over meanwhile. */
const PREFIXES = ['0b', '3e', '80', 'b4', 'd9'];
const FROZEN = 2;
const NEWCOMER = '88';
const KEY = '87';
const FILE = { name: 'awake.bin', type: 'application/octet-stream', size: 300_000, seed: 31 };
/** How long a tab may take to be back in the ring after it woke, on a quiet machine. */
const BACK_MS = 15_000;
/** How often the frozen tab looks KEY up: so that a lookup is among the first that it does when it wakes. */
const LOOKUP_MS = 20;

type Noted =
  | { readonly what: 'status'; readonly status: string }
  /** It delivered a message as the root of this key. */
  | { readonly what: 'delivered'; readonly key: Id }
  /** A lookup of KEY told this root. */
  | { readonly what: 'looked up'; readonly root: Id };

declare global {
  interface Window {
    /** Test only: what a tab notes of itself, and when, milliseconds since 1970. */
    diary?: (Noted & { readonly at: number })[];
  }
}

export async function frozenTabComesBack(browser: Browser, frozenMs: number): Promise<void> {
  const ring = await Ring.start(browser);
  for (const prefix of PREFIXES) await isActive(await ring.open(`/?id=${prefix}`));
  await ring.settled();
  const sleeper = tabAt(ring, FROZEN);
  await keepDiary(sleeper);

  const { thaw } = await freeze(browser, sleeper);
  const frozenAt = Date.now();
  const putBack = ring.leaveOut(sleeper);
  // Goes to the sleeper first, who finds it in its buffers when it wakes.
  const looked = await lookUp(tabAt(ring, 0));
  expect(looked.root).toBe(rootOf(looked.key, await ring.ids()));
  await ring.settled();
  const newcomer = await ring.open(`/?id=${NEWCOMER}`);
  await isActive(newcomer);
  await ring.settled();
  await lookupsAreRight(ring);
  const { link } = await storeIn(newcomer, FILE);
  await expect.poll(() => Date.now() - frozenAt, { timeout: frozenMs }).toBeGreaterThanOrEqual(frozenMs);

  const wokenAt = Date.now();
  thaw();
  putBack();
  // Until it has noticed, it says that it is active: true of the past.
  await noted(sleeper, 'status', wokenAt);
  await ring.settled();
  took(`back after ${Math.round((wokenAt - frozenAt) / 1000)} s frozen`, Date.now() - wokenAt, BACK_MS);

  await noted(sleeper, 'looked up', wokenAt);
  const since = (await diaryOf(sleeper)).filter(({ at }) => at >= wokenAt);
  expect(since.find(({ what }) => what !== 'looked up')).toMatchObject({ what: 'status', status: 'joining' });
  expect(since.filter((entry) => entry.what === 'delivered' && entry.key === looked.key)).toEqual([]);
  const { nodeId } = await inspect(newcomer);
  for (const entry of since) if (entry.what === 'looked up') expect(entry.root).toBe(nodeId);
  await lookupsAreRight(ring);
  expect(await fetchIn(sleeper, link)).toEqual(expected(FILE));
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
}

/** Makes the tab note what it delivers, and look KEY up all the time. */
async function keepDiary(tab: Tab): Promise<void> {
  await tab.page.evaluate(
    ({ key, everyMs }) => {
      const { tabring } = window;
      if (tabring === undefined) throw new Error('not registered');
      window.diary = [];
      const note = (noted: Noted): void => {
        window.diary?.push({ ...noted, at: Date.now() });
      };
      tabring.subscribe((event) => {
        if (event.type === 'status') note({ what: 'status', status: event.status });
        if (event.type !== 'trace' || event.event.kind !== 'routed' || event.event.rule !== 'root') return;
        // Before it is active it keeps what it would deliver, and looks at it anew later.
        if (tabring.status === 'active') note({ what: 'delivered', key: event.event.key });
      });
      let isLooking = false;
      setInterval(() => {
        if (isLooking) return;
        isLooking = true;
        tabring
          .lookup(key)
          .then(({ root }) => note({ what: 'looked up', root }))
          .finally(() => {
            isLooking = false;
          });
      }, everyMs);
    },
    { key: KEY, everyMs: LOOKUP_MS },
  );
}

async function diaryOf(tab: Tab): Promise<NonNullable<Window['diary']>> {
  return tab.page.evaluate(() => window.diary ?? []);
}

/** Waits until the tab has noted such a thing after `since`. */
async function noted(tab: Tab, what: Noted['what'], since: number): Promise<void> {
  const isNoted = tab.page.waitForFunction(
    ({ what, since }) => window.diary?.some((entry) => entry.what === what && entry.at >= since) === true,
    { what, since },
    { polling: 50 },
  );
  await tab.ring.explained(isNoted);
}

async function lookUp(tab: Tab): Promise<{ key: Id; root: Id }> {
  const found = await tab.page.evaluate((key) => window.tabring?.lookup(key), KEY);
  if (found === undefined) throw new Error('not registered');
  return found;
}

function tabAt(ring: Ring, index: number): Tab {
  const tab = ring.tabs[index];
  if (tab === undefined) throw new Error(`the ring has no tab ${index}`);
  return tab;
}
