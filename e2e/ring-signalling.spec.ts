// The ring signals for itself: only a joiner's first link needs the Discovery node's relay, and without a Discovery node the
// ring still opens links, after deaths too.

import { expect, test } from 'playwright/test';
import type { PeerInspection } from '../client/src/peer/api.ts';
import { took } from './support/bounds.ts';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { openPlace } from './support/page.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

const TABS = 12;
/** So small that tabs are not all linked to each other, and repair needs links that are not there yet. */
const LEAF_SET_SIZE = 4;
const LINK_BUDGET = 8;
/** Of a joiner's links, those that may be signalled over the Discovery node: to its sponsor, and one fallback. */
const MAX_BY_DISCOVERY = 2;
/** A quarter of the tabs by their places in the ring: two neighbours, and one elsewhere. */
const KILLED = [1, 2, 7];
/** Silent deaths are noticed after some ten seconds; then come the new links. */
const REPAIR_MS = 30_000;
/** With another ring on the same machine. */
const LINKED_MS = 90_000;
/** Twelve page loads one after the other take two minutes on a crowded machine. */
const TEST_MS = 480_000;
const FILE = { name: 'kept.bin', type: 'application/octet-stream', size: 300_000, seed: 7 };
const LATER = { name: 'later.bin', type: 'application/octet-stream', size: 300_000, seed: 8 };

test('12 tabs: links are signalled through the ring, also without a Discovery node, after a quarter has died', async ({
  browser,
}) => {
  test.setTimeout(TEST_MS);
  const ring = await Ring.start(browser, { params: { leafSetSize: LEAF_SET_SIZE, linkBudget: LINK_BUDGET } });
  for (let opened = 0; opened < TABS; opened += 1) {
    const tab = await ring.open();
    await isActive(tab);
    expect((await totals([tab])).byDiscovery).toBeLessThanOrEqual(MAX_BY_DISCOVERY);
  }
  await ring.settled();
  // Each link has two ends, and all but the first tab joined.
  const { byRing, byDiscovery } = await totals(ring.tabs);
  expect(byDiscovery).toBeLessThanOrEqual(2 * MAX_BY_DISCOVERY * (TABS - 1));
  expect(byRing).toBeGreaterThan(byDiscovery);
  const { link } = await storeIn(at(ring, 0), FILE);

  await ring.stopDiscovery();
  const tabs = await inRingOrder(ring);
  const killed = tabs.filter((_, place) => KILLED.includes(place));
  const before = await totals(tabs.filter((tab) => !killed.includes(tab)));
  const killedAt = Date.now();
  await Promise.all(killed.map((tab) => ring.kill(tab)));
  await ring.settled();
  await linkedToLeaves(ring);
  const what = `leaf sets exact, and every leaf linked, after the death of ${killed.length} of ${TABS} tabs`;
  took(what, Date.now() - killedAt, REPAIR_MS);
  const after = await totals(ring.tabs);
  expect(after.byRing).toBeGreaterThan(before.byRing);
  expect(after.byDiscovery).toBe(before.byDiscovery);

  for (const tab of ring.tabs) await pageShowsLinks(tab);

  await lookupsAreRight(ring);
  expect(await fetchIn(at(ring, 1), link)).toEqual(expected(FILE));
  const later = await storeIn(at(ring, 2), LATER);
  expect(await fetchIn(at(ring, 3), later.link)).toEqual(expected(LATER));
  await ring.stop();
});

/** Waits until every tab has an open link to each of its leaves. */
async function linkedToLeaves(ring: Ring): Promise<void> {
  const options = { timeout: LINKED_MS, intervals: [100] };
  await ring.explained(expect.poll(async () => unlinkedLeaves(await ring.inspections()), options).toEqual([]));
}

/** Leaves without an open link, as `node leaf`. */
function unlinkedLeaves(inspections: readonly PeerInspection[]): string[] {
  return inspections.flatMap(({ nodeId, leafSet, links }) => {
    const linked = new Set(links.filter(({ state }) => state === 'open').map((link) => link.nodeId));
    return [...leafSet.cw, ...leafSet.ccw].filter((leaf) => !linked.has(leaf)).map((leaf) => `${nodeId} ${leaf}`);
  });
}

/** The page says how each link runs, and of those that did not open why. */
async function pageShowsLinks(tab: Tab): Promise<void> {
  await openPlace(tab, 'ring');
  const card = tab.page.locator('#links');
  const rows = card.locator('li[data-node]');
  await expect(rows.filter({ hasText: /direct.*set up by the (ring|Discovery node)/ })).not.toHaveCount(0);
  // Links come and go meanwhile.
  const notShown = async (): Promise<readonly string[]> => {
    const { links, linkFailures } = await inspect(tab);
    const texts = await rows.evaluateAll((items) =>
      items.map((item) => [item.getAttribute('data-node') ?? '', item.textContent]),
    );
    const textByNode = new Map(texts.map(([nodeId = '', text]) => [nodeId, text ?? '']));
    const open = new Set(links.filter(({ state }) => state === 'open').map(({ nodeId }) => nodeId));
    const unlinked = linkFailures.filter(({ nodeId }) => !open.has(nodeId));
    return [
      ...links.filter(({ nodeId }) => !textByNode.has(nodeId)).map(({ nodeId }) => nodeId),
      ...unlinked
        .filter(({ nodeId, message }) => !textByNode.get(nodeId)?.includes(message))
        .map(({ message }) => message),
    ];
  };
  await expect.poll(notShown).toEqual([]);
}

/** Ends of links opened so far, by who carried their signals. */
async function totals(tabs: readonly Tab[]): Promise<{ byRing: number; byDiscovery: number }> {
  const inspections = await Promise.all(tabs.map((tab) => inspect(tab)));
  const total = (name: string): number => inspections.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0);
  return { byRing: total('linksByRing'), byDiscovery: total('linksByDiscovery') };
}

async function inRingOrder(ring: Ring): Promise<Tab[]> {
  const named = await Promise.all(ring.tabs.map(async (tab) => ({ tab, nodeId: (await inspect(tab)).nodeId })));
  return named.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1)).map(({ tab }) => tab);
}

function at(ring: Ring, index: number): Tab {
  const tab = ring.tabs[index];
  if (tab === undefined) throw new Error(`the ring has no tab ${index}`);
  return tab;
}
