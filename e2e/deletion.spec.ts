// A file that its owner deletes on the page is gone from the disks of all tabs, and stays gone when a tab that was closed with
// a copy comes back.

import { expect, test } from 'playwright/test';
import { digestOnDisk } from './support/disk.ts';
import { copiesComplete, fetchErrorIn, storeIn } from './support/files.ts';
import { isActive, Ring, register, type Tab } from './support/ring.ts';

/** Inline: one block, on three of four tabs. */
const FILE = { name: 'regretted.txt', type: 'text/plain', size: 30_000, seed: 5 };
const SOON = { timeout: 30_000, intervals: [100, 250, 500] };

test('deleted in one tab, it is gone from all, and from the one that was closed meanwhile', async ({ browser }) => {
  const ring = await Ring.start(browser);
  for (let opened = 0; opened < 4; opened += 1) await isActive(await ring.open());
  await ring.settled();
  const [storing] = ring.tabs;
  if (storing === undefined) throw new Error('no tab');
  const { fileId, link } = await storeIn(storing, FILE);
  await copiesComplete(storing, 3);
  await expect.poll(() => holders(ring.tabs, fileId), SOON).toHaveLength(3);

  const away = (await holders(ring.tabs, fileId)).find((tab) => tab !== storing);
  if (away === undefined) throw new Error('no other tab holds it');
  const comesBack = ring.leaveOut(away);
  await away.page.goto('about:blank');
  await ring.settled();

  const row = storing.page.locator('#own-files .own-file');
  await expect(row).toContainText(/Kept until .*, and renewed/);
  await row.getByRole('button', { name: 'Delete' }).click();
  await expect(row.getByRole('alertdialog')).toContainText('Whoever has fetched it already keeps what they have');
  await row.getByRole('button', { name: 'Yes, delete it' }).click();
  await expect(storing.page.locator('#deleted')).toHaveText(/^regretted\.txt: deleted at 3 of [34] holders/, {
    timeout: 40_000,
  });
  await expect(row).toHaveCount(0);
  await expect.poll(() => holders(ring.tabs, fileId), SOON).toEqual([]);

  await register(away, ring.discovery.url);
  comesBack();
  await isActive(away);
  await ring.settled();
  await expect.poll(() => digestOnDisk(away, fileId), SOON).toBeUndefined();
  expect(await holders(ring.tabs, fileId)).toEqual([]);
  expect(await fetchErrorIn(away, link)).toMatchObject({ code: 'not-found' });
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

async function holders(tabs: readonly Tab[], digest: string): Promise<readonly Tab[]> {
  const found = await Promise.all(tabs.map((tab) => digestOnDisk(tab, digest)));
  return tabs.filter((_, index) => found[index] !== undefined);
}
