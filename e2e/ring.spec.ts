// Eight tabs form one ring, and every lookup ends at the right tab by the route that it prints.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'playwright/test';
import type { Id } from '../client/src/core/pastry/id.ts';
import type { LookupResult } from '../client/src/peer/api.ts';
import { openAtOnce } from './support/open-at-once.ts';
import { isActive, Ring, rootOf, type Tab } from './support/ring.ts';

const TABS = 8;
const LOOKUPS = 100;

test('8 tabs: leaf sets are exact, 100 lookups end at the root, and the route printed is the route taken', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(TABS);
  const ids = await ring.ids();
  expect(new Set(ids).size).toBe(TABS);
  const results = await lookUpFromEverywhere(ring);
  expect(results.length).toBe(LOOKUPS);
  for (const { from, result } of results) {
    expect(result.root).toBe(rootOf(result.key, ids));
    expect(result.route[0]).toBe(from);
    expect(result.route.at(-1)).toBe(result.root);
    expect(result.hops).toBe(result.route.length - 1);
  }
  const seen = await routesSeen(ring);
  for (const { result } of results) expect(seen.get(result.key)).toEqual(result.route);
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

test('a classroom ring with one leaf on each side takes several hops, and prints them', async ({ browser }) => {
  const ring = await Ring.start(browser, { params: { digits: 4, leafSetSize: 2, neighborhoodSize: 0 } });
  for (const prefix of ['2293', '7eaf', '85d9', '8aa6', 'da7f']) await isActive(await ring.open(`/?id=${prefix}`));
  await ring.settled();
  const ids = await ring.ids();
  expect([...ids].sort()).toEqual(['2293', '7eaf', '85d9', '8aa6', 'da7f']);
  const results = await lookUpFromEverywhere(ring);
  for (const { result } of results) expect(result.root).toBe(rootOf(result.key, ids));
  expect(Math.max(...results.map(({ result }) => result.hops))).toBeGreaterThan(1);
  const seen = await routesSeen(ring);
  for (const { result } of results) expect(seen.get(result.key)).toEqual(result.route);
  await ring.stop();
});

// More rounds: ring-at-once.long.ts.
test('tabs opened all at once on an empty ring form one ring', ({ browser }) => openAtOnce(browser));

/**
 * Looks LOOKUPS random keys up, from all tabs in turn; each tab notes what it forwards. No key comes twice, because a route is
 * put together by its key: of 100 keys of 16 bits two are equal in one run of fourteen.
 */
async function lookUpFromEverywhere(ring: Ring): Promise<{ from: Id; result: LookupResult }[]> {
  await Promise.all(ring.tabs.map((tab) => watchRoutes(tab)));
  const results: { from: Id; result: LookupResult }[] = [];
  const [{ length: digits } = { length: 0 }] = await ring.ids();
  for (const [index, key] of [...randomKeys(digits)].entries()) {
    const tab = ring.tabs[index % ring.tabs.length];
    if (tab === undefined) break;
    results.push(
      await tab.page.evaluate(async (key) => {
        const { tabring } = window;
        if (tabring === undefined) throw new Error('not registered');
        return { from: tabring.nodeId, result: await tabring.lookup(key) };
      }, key),
    );
  }
  return results;
}

function randomKeys(digits: number): ReadonlySet<string> {
  const keys = new Set<string>();
  while (keys.size < LOOKUPS) keys.add(randomBytes(digits / 2).toString('hex'));
  return keys;
}

declare global {
  interface Window {
    /** Test only: the lookups that this tab handled. */
    handled?: { key: Id; hop: number }[];
  }
}

async function watchRoutes(tab: Tab): Promise<void> {
  await tab.page.evaluate(() => {
    const handled: { key: Id; hop: number }[] = [];
    window.handled = handled;
    window.tabring?.subscribe((event) => {
      if (event.type !== 'trace' || event.event.kind !== 'routed' || event.event.what !== 'lookup') return;
      handled.push({ key: event.event.key, hop: event.event.hop });
    });
  });
}

/** By key, the tabs that handled its lookup, in the order of hops, as the tabs themselves noted it. */
async function routesSeen(ring: Ring): Promise<Map<Id, Id[]>> {
  const routeByKey = new Map<Id, Id[]>();
  for (const tab of ring.tabs) {
    const noted = await tab.page.evaluate(() => ({ nodeId: window.tabring?.nodeId, handled: window.handled ?? [] }));
    for (const { key, hop } of noted.handled) {
      const route = routeByKey.get(key) ?? [];
      if (noted.nodeId !== undefined) route[hop] = noted.nodeId;
      routeByKey.set(key, route);
    }
  }
  return routeByKey;
}
