// A ring of tabs and Node peers in several processes: one ring, exact leaf sets, right roots, and a page that shows it.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'playwright/test';
import { closestId, isId, type NodeId } from '../client/src/core/pastry/id.ts';
import { wrongLeafSets } from '../client/src/node/leaf-sets.ts';
import type { PeerInspection } from '../client/src/peer/api.ts';
import { Command } from '../client/test/node/command.ts';
import { expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { PeerProcess } from './support/peer-process.ts';
import { inspect, Ring, type Tab } from './support/ring.ts';

const PROCESSES = 4;
const PEERS_EACH = 10;
const TABS = 3;
/** Each looked up by every node of the ring. */
const KEYS = 10;
const TEST_MS = 420_000;
const SETTLE_MS = 120_000;
const FILE: TestFile = { name: 'mixed.bin', type: '', size: 9_000_000, seed: 21 };

test.setTimeout(TEST_MS);

test('3 tabs and 40 Node peers in 4 processes are one ring', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const processes: PeerProcess[] = [];
  try {
    // Tabs before, between and after the others: whoever came first must know of the last.
    await ring.grow(1);
    for (let index = 0; index < PROCESSES; index += 1) {
      const process = new PeerProcess(ring.discovery.url, { peers: PEERS_EACH });
      processes.push(process);
      await process.started();
      if (index < TABS - 1) await ring.open();
    }
    const all = async (): Promise<PeerInspection[]> => {
      const each = await Promise.all(processes.map((process) => process.inspections()));
      return [...each.flat(), ...(await ring.inspections())];
    };
    await expect.poll(async () => wrongLeafSets(await all()), { timeout: SETTLE_MS }).toEqual([]);
    const ids = (await all()).map(({ nodeId }) => nodeId).sort();
    expect(new Set(ids).size).toBe(TABS + PROCESSES * PEERS_EACH);

    for (let count = 0; count < KEYS; count += 1) {
      const key = randomBytes(16).toString('hex');
      const fromTabs = ring.tabs.map((tab) => tab.page.evaluate((key) => window.tabring?.lookup(key), key));
      const lookups = await Promise.all(fromTabs);
      const roots = await Promise.all(processes.map((process) => process.roots(key)));
      const root = isId(key, key.length) ? closestId(key, ids) : undefined;
      expect(new Set([...roots.flat(), ...lookups.map((lookup) => lookup?.root)])).toEqual(new Set([root]));
    }
    await Promise.all(ring.tabs.map((tab) => showsItsTables(tab, ids)));

    const walked = await new Command(ring.discovery.url, ['nodes', '--json'], { input: '' }).ended;
    expect(JSON.parse(walked.stdout)).toMatchObject({ nodes: ids, isWhole: true });

    const [first, , last] = ring.tabs;
    if (first === undefined || last === undefined) throw new Error('no tabs');
    const { link } = await storeIn(first, FILE);
    expect(await fetchIn(last, link)).toEqual(expected(FILE));
    for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
    await ring.stop();
  }
});

/** The leaf set on the page is the one that follows from all ids, and each cell of the routing table has a node that fits. */
async function showsItsTables(tab: Tab, ids: readonly NodeId[]): Promise<void> {
  const { nodeId, params } = await inspect(tab);
  const place = ids.indexOf(nodeId);
  const half = params.leafSetSize / 2;
  const walk = (step: number) =>
    Array.from({ length: half }, (_, index) => ids.at((place + step * (index + 1)) % ids.length));
  await openPlace(tab, 'ring');
  const halves = tab.page.locator('#leaf-set .halves > div');
  const titlesOf = (half: number) =>
    halves
      .nth(half)
      .locator('code')
      .evaluateAll((codes) => codes.map((code) => code.getAttribute('title')));
  await expect.poll(() => titlesOf(0)).toEqual(walk(-1));
  await expect.poll(() => titlesOf(1)).toEqual(walk(1));
  // Every first digit but its own that any node has, as exchanges of rows fill its cells; deeper rows come on top.
  const firstDigits = new Set(ids.map((id) => id[0])).size - 1;
  const entries = async () => fittingEntries(await cellsOf(tab), nodeId, ids);
  await expect.poll(entries, { timeout: SETTLE_MS }).toBeGreaterThanOrEqual(firstDigits);
}

/** Of each row of the routing table and each column, the id in the cell; null for a cell without one. */
function cellsOf(tab: Tab): Promise<(string | null)[][]> {
  return tab.page
    .locator('#routing-table tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map((cell) => (cell.className === '' ? cell.getAttribute('title') : null)),
      ),
    );
}

/** How many cells have an entry. Fails if one is no node of the ring, or in a cell that it does not fit. */
function fittingEntries(cells: (string | null)[][], nodeId: NodeId, ids: readonly NodeId[]): number {
  let entries = 0;
  cells.forEach((columns, row) => {
    columns.forEach((entry, column) => {
      if (entry === null) return;
      entries += 1;
      expect(ids.map(String)).toContain(entry);
      expect(entry.startsWith(`${nodeId.slice(0, row)}${column.toString(16)}`)).toBe(true);
    });
  });
  return entries;
}
