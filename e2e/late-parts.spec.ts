// Parts of the page that are loaded later, while what serves them cannot be reached: they are tried again, and the user is told.

import { expect, test } from 'playwright/test';
import { openPlace } from './support/page.ts';
import { isActive, Ring } from './support/ring.ts';

test('a place that could not be loaded says so, and comes by itself once it can be', async ({ browser }) => {
  const ring = await Ring.start(browser);
  let isAway = true;
  let aborted = 0;
  const tab = await ring.open('/', async (page) => {
    // The Ring place, and what it needs of others.
    await page.route(/\/assets\/(ring|card)-.*\.js/, async (route) => {
      if (isAway) aborted += 1;
      await (isAway ? route.abort() : route.continue());
    });
  });
  await isActive(tab);
  const { page } = tab;
  await expect(page.locator('.notice')).toContainText('could not be loaded yet');
  await page.locator('.place-link.to-ring').click();
  await expect(page.locator('main')).toContainText('cannot be shown yet');
  // All later tries are its own.
  const before = aborted;
  await expect.poll(() => aborted).toBeGreaterThan(before);
  isAway = false;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.locator('main.place-ring #ring').waitFor();
  await expect(page.locator('.notice')).toHaveCount(0);
  await ring.stop();
});

test('that the Discovery node went away while the page loaded its later parts is told once they are there', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await isActive(await ring.open());
  let isAway = true;
  const tab = await ring.open('/', async (page) => {
    // What stands round the places, the discovery pill with it, and the Ring place.
    await page.route(/\/assets\/(around|ring)-.*\.js/, (route) => (isAway ? route.abort() : route.continue()));
  });
  await isActive(tab);
  await tab.page.locator('.place-link.to-ring').click();
  await expect(tab.page.locator('main')).toContainText('cannot be shown yet');
  await expect(tab.page.locator('#discovery')).toHaveCount(0);
  isAway = false;
  await openPlace(tab, 'ring');
  await tab.page.locator('.settings-button').waitFor();
  await ring.stopDiscovery();
  await expect(tab.page.locator('#discovery')).toHaveText(/ring goes on without it/);
  await ring.stop();
});
