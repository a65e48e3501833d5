// Site data cleared under living tabs: noticed, said, and made again from the copies that are left.

import { expect, test } from 'playwright/test';
import { copiesComplete, expected, fetchIn, storeIn } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

/** One segment and a manifest. */
const FILE = { name: 'precious.bin', type: 'application/octet-stream', size: 300_000, seed: 31 };
const REPAIRED = { timeout: 60_000 };

test('cleared in two of three holders one after the other, all is made again before the third leaves', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  for (let opened = 0; opened < 3; opened += 1) await isActive(await ring.open());
  await ring.settled();
  const [storing, ...others] = ring.tabs;
  if (storing === undefined) throw new Error('no tab');
  const { link } = await storeIn(storing, FILE);
  await copiesComplete(storing, 3);
  for (const tab of others) {
    await openPlace(tab, 'ring');
    await clearSiteData(tab, ring.discovery.url);
    await expect(tab.page.locator('#disk')).toContainText('What was stored here was cleared', REPAIRED);
    await expect(tab.page.locator('#held-summary')).toContainText('2 blocks', REPAIRED);
    await expect(storing.page.locator('#own-files .copies')).toHaveText('Safe 3 of 3 copies on 3 devices', REPAIRED);
  }
  await openPlace(storing, 'ring');
  await storing.page.getByRole('button', { name: 'Leave the ring' }).click();
  await expect(storing.page.locator('#closing')).toHaveText('Others have all that was here');
  for (const tab of others) expect(await fetchIn(tab, link)).toEqual(expected(FILE));
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

/** As a user does in the browser's settings. */
async function clearSiteData(tab: Tab, url: string): Promise<void> {
  const session = await tab.context.newCDPSession(tab.page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'all' });
}
