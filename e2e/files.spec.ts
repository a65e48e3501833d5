// The main job: what one tab stored is fetched in another after the first is gone.

import { expect, test } from 'playwright/test';
import { copiesComplete, expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

const FILES: readonly TestFile[] = [
  { name: 'large.bin', type: 'application/octet-stream', size: 25_000_000, seed: 1 },
  { name: 'empty.txt', type: 'text/plain', size: 0, seed: 2 },
  { name: 'one.txt', type: 'text/plain', size: 1, seed: 3 },
  { name: 'naïve 日本 😀.txt', type: 'text/plain', size: 70_000, seed: 4 },
];

test('files outlive the tab that stored them, and two more, and a reload', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(8);
  const [storing, second, third, reloaded] = ring.tabs;
  if (storing === undefined || second === undefined || third === undefined || reloaded === undefined) return;
  const links = new Map<TestFile, string>();
  for (const file of FILES) links.set(file, (await storeIn(storing, file)).link);
  await copiesComplete(storing, 3);

  await ring.kill(storing);
  await everyFileIsThere(ring, links);

  for (const victim of [second, third]) {
    await ring.settled();
    await repaired(ring);
    await ring.kill(victim);
  }
  await ring.settled();
  await everyFileIsThere(ring, links);

  const { nodeId, held } = await inspect(reloaded);
  await reloaded.page.reload();
  await reloaded.page.waitForFunction(() => window.tabring !== undefined);
  await isActive(reloaded);
  await ring.settled();
  const after = await inspect(reloaded);
  expect(after.nodeId).toBe(nodeId);
  expect(after.held.objects).toBeGreaterThanOrEqual(held.objects);
  await everyFileIsThere(ring, links);
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

/** Fetches every file in a tab that holds none of its blocks if there is one, else in the emptiest. */
async function everyFileIsThere(ring: Ring, links: ReadonlyMap<TestFile, string>): Promise<void> {
  for (const [file, link] of links) {
    const fileId = (link.split('/f/')[1] ?? '').slice(0, 64);
    const stranger = await emptiest(ring.tabs, fileId);
    expect(await fetchIn(stranger, link)).toEqual(expected(file));
  }
}

async function emptiest(tabs: readonly Tab[], fileId: string): Promise<Tab> {
  const candidates: { tab: Tab; bytes: number }[] = [];
  for (const tab of tabs) {
    const held = await tab.page.evaluate(() => window.tabring?.listFiles().held ?? []);
    if (held.some(({ digest }) => digest === fileId)) continue;
    candidates.push({ tab, bytes: held.reduce((sum, { size }) => sum + size, 0) });
  }
  candidates.sort((a, b) => a.bytes - b.bytes);
  const [best] = candidates;
  if (best === undefined) throw new Error('every tab holds the file');
  return best.tab;
}

/** Waits until each block is held by three tabs. */
async function repaired(ring: Ring): Promise<void> {
  await expect
    .poll(
      async () => {
        const copies = new Map<string, number>();
        for (const tab of ring.tabs) {
          const held = await tab.page.evaluate(() => window.tabring?.listFiles().held ?? []);
          for (const { digest } of held) copies.set(digest, (copies.get(digest) ?? 0) + 1);
        }
        return Math.min(...copies.values());
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(3);
}
