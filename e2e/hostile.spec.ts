// Hostile peers against real tabs: a member that invents nodes, one that steals links, one that speaks of strangers, and strangers that ask for everybody's
// id whenever the Discovery node is restarted.

import { type BrowserContext, expect, test } from 'playwright/test';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { HearsayFlood } from '../client/test/hostile/hearsay-flood.ts';
import { HostilePeer } from '../client/test/hostile/hostile-peer.ts';
import { InventedNodes } from '../client/test/hostile/invented-nodes.ts';
import { keepOn } from '../client/test/hostile/keep-on.ts';
import { forgedOffer, ownOffer } from '../client/test/hostile/stolen-offers.ts';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';
import { servedWithout } from './support/served-without.ts';

const FILE = { name: 'kept.bin', type: 'application/octet-stream', size: 50_000, seed: 15 };
/** As many as a class has, each with an id of its own. */
const TABS = 10;
/** That a member speaks of to each tab in a second, and for how long: after it a tab had made nearly all of its connections. */
const STRANGERS_EVERY_SECOND = 5;
const STRANGERS_SECONDS = 12;
/** Each takes ten tabs some twenty seconds; `RESTARTS=10` beside `npm run test:e2e` has as many as there are tabs. */
const RESTARTS = Number(process.env.RESTARTS ?? 2);

/** The tabs have each other and the hostile peer for leaves, and links to all of them. */
async function joined(ring: Ring, hostile: HostilePeer): Promise<readonly NodeId[]> {
  const ids = await ring.ids();
  await hostile.linked(ids);
  await leavesAre(ring, [...ids, hostile.nodeId]);
  return ids;
}

/** Waits until each tab's leaves are all the others, and nobody else. */
async function leavesAre(ring: Ring, members: readonly NodeId[]): Promise<void> {
  const expectedLeaves = (await ring.ids()).map((own) => members.filter((id) => id !== own).sort());
  const leaves = async () =>
    (await ring.inspections()).map(({ leafSet }) => [...new Set([...leafSet.cw, ...leafSet.ccw])].sort());
  await ring.explained(expect.poll(leaves, { timeout: 60_000 }).toEqual(expectedLeaves));
}

async function counted(tab: Tab, cause: string): Promise<number> {
  return (await inspect(tab)).counters[cause] ?? 0;
}

test('nodes that a member invents get into no tab, and no copy goes', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [storer] = ring.tabs;
  if (storer === undefined) return;
  const hostile = await HostilePeer.join({ server: ring.discovery.url });
  const ids = await joined(ring, hostile);
  const { link, fileId } = await storeIn(storer, FILE);
  for (const count of [1, 5, 20]) {
    const invented = await InventedNodes.make(hostile, ids, count, [fileId]);
    const before = await Promise.all(ring.tabs.map((tab) => counted(tab, 'links closed as misbehaved')));
    invented.speak();
    if (count < 5) continue;
    // Every tab has had enough of it, in the end.
    for (const [index, tab] of ring.tabs.entries()) {
      await expect.poll(() => counted(tab, 'links closed as misbehaved')).toBeGreaterThan(before[index] ?? 0);
    }
    await hostile.linked(ids);
  }
  for (const tab of ring.tabs) {
    expect(await counted(tab, 'misbehaved: relay: a certificate that is foreign')).toBeGreaterThan(0);
    expect(await counted(tab, 'misbehaved: relay: in the name of another node')).toBeGreaterThan(0);
  }
  await leavesAre(ring, [...ids, hostile.nodeId]);
  for (const tab of ring.tabs) {
    expect(await fetchIn(tab, link)).toEqual(expected(FILE));
    expect(tab.complaints).toEqual([]);
  }
  hostile.goodbye();
  await ring.stop();
});

test('signals in the name of another open no link, and close none', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const hostile = await HostilePeer.join({ server: ring.discovery.url });
  const ids = await joined(ring, hostile);
  const before = await Promise.all(ring.tabs.map((tab) => counted(tab, 'connectionsCreated')));
  for (const [index, tab] of ring.tabs.entries()) {
    const [victim, claimed] = [ids[index], ids[(index + 1) % ids.length]];
    if (victim === undefined || claimed === undefined) throw new Error('fewer tabs than ids');
    hostile.saySignal(victim, claimed, await ownOffer(hostile, victim));
    hostile.saySignal(victim, claimed, await forgedOffer(hostile, victim, claimed));
    await expect.poll(() => counted(tab, 'signalsInAnothersName')).toBe(1);
    await expect.poll(() => counted(tab, 'signalsForged')).toBe(1);
  }
  expect(await Promise.all(ring.tabs.map((tab) => counted(tab, 'connectionsCreated')))).toEqual(before);
  for (const tab of ring.tabs) {
    const { nodeId, links } = await inspect(tab);
    expect(await counted(tab, 'linksReplaced')).toBe(0);
    for (const other of ids.filter((id) => id !== nodeId))
      expect(links).toContainEqual(expect.objectContaining({ nodeId: other, state: 'open' }));
    expect(tab.complaints).toEqual([]);
  }
  hostile.goodbye();
  await ring.stop();
});

test('strangers of whom a member speaks cost a tab calls, and none of its connections', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const hostile = await HostilePeer.join({ server: ring.discovery.url });
  const ids = await joined(ring, hostile);
  const before = await Promise.all(ring.tabs.map((tab) => counted(tab, 'connectionsCreated')));
  const flood = new HearsayFlood(hostile);
  await keepOn(
    () => flood.tell(ids, STRANGERS_EVERY_SECOND),
    () => flood.told < STRANGERS_EVERY_SECOND * STRANGERS_SECONDS,
    1_000,
  );
  for (const [index, tab] of ring.tabs.entries()) {
    const { counters } = await inspect(tab);
    expect(counters.callsMade ?? 0).toBeGreaterThan(0);
    // Only the links that were closed for it are made again, by both of their ends at most.
    const again = 2 * (counters['links closed as misbehaved'] ?? 0);
    expect((counters.connectionsCreated ?? 0) - (before[index] ?? 0)).toBeLessThanOrEqual(again);
    expect(again).toBeLessThan(STRANGERS_EVERY_SECOND * STRANGERS_SECONDS);
    expect(tab.complaints).toEqual([]);
  }
  await leavesAre(ring, [...ids, hostile.nodeId]);
  hostile.goodbye();
  await ring.stop();
});

test(`ten tabs keep their ids through ${RESTARTS} restarts of the Discovery node, at which strangers ask for each`, async ({
  browser,
}) => {
  // Two minutes, and on a machine that has no time five times as much.
  test.setTimeout(1_200_000);
  const ring = await Ring.start(browser);
  for (let opened = 0; opened < TABS; opened += 1) await isActive(await ring.open());
  await ring.settled();
  const ids = await ring.ids();
  for (const tab of ring.tabs) await tab.page.evaluate(noteStatuses);
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    const strangers = await browser.newContext();
    await servedWithout(strangers, ring.discovery.url);
    await ring.stopDiscovery();
    const pages = await Promise.all(ids.map((id) => strangerAt(strangers, `${ring.discovery.url}/?id=${id}`)));
    await ring.restartDiscovery();
    const given = await Promise.all(
      pages.map(async (page) => {
        await page.waitForFunction(() => window.tabring !== undefined, undefined, { timeout: 60_000 });
        return page.evaluate(() => window.tabring?.nodeId ?? '');
      }),
    );
    expect(given.filter((id) => ids.some((own) => own === id))).toEqual([]);
    const registered = () => ring.discovery.nodes().map(({ nodeId }) => nodeId);
    await expect.poll(() => ids.filter((id) => !registered().includes(id)), { timeout: 60_000 }).toEqual([]);
    await strangers.close();
  }
  expect(await ring.ids()).toEqual(ids);
  for (const tab of ring.tabs) expect(await tab.page.evaluate(() => window.statuses)).toEqual([]);
  await ring.settled();
  await ring.stop();
});

declare global {
  interface Window {
    /** Test only: what this tab's status has become since. */
    statuses?: string[];
  }
}

function noteStatuses(): void {
  const statuses: string[] = [];
  window.statuses = statuses;
  window.tabring?.subscribe((event) => {
    if (event.type === 'status') statuses.push(event.status);
  });
}

async function strangerAt(context: BrowserContext, address: string) {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
