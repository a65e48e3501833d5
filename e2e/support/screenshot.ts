// Takes the README's picture: the page of one tab in a ring of eight, with two files stored. npm run screenshot.

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumLaunch } from './chromium.ts';
import { storeIn } from './files.ts';
import { isActive, Ring } from './ring.ts';

const PICTURE = fileURLToPath(new URL('../../docs/ring-of-8.png', import.meta.url));
const VIEWPORT = { width: 1100, height: 1000 };
/** Pixels below the last card of the picture. */
const MARGIN = 16;
/** Ids spread around the ring, not too evenly, so that the picture shows what a ring looks like. */
const PREFIXES = ['3f2a', '0b94', '1e77', '58c1', '7ad3', '9c0e', 'b641', 'e2f9'];
const ID_DIGITS = 32;
const FILES = [
  { name: 'thesis.pdf', type: 'application/pdf', size: 6_400_000, seed: 1 },
  { name: 'holiday.jpg', type: 'image/jpeg', size: 2_150_000, seed: 2 },
];
const KEY = '8d31';

const browser = await chromium.launch(chromiumLaunch());
try {
  const ring = await Ring.start(browser);
  for (const prefix of PREFIXES) await isActive(await ring.open(`/?id=${fullId(prefix)}`));
  await ring.settled();
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('the ring is empty');
  for (const file of FILES) await storeIn(tab, file);
  const { page } = tab;
  await page
    .locator('#own-files .copies.complete')
    .nth(FILES.length - 1)
    .waitFor();
  await page.locator('#lookup-input').fill(KEY);
  await page.locator('#lookup').getByRole('button', { name: 'Look up' }).click();
  await page.locator('#lookup-result .route').waitFor();
  await page.setViewportSize(VIEWPORT);
  const { y, height } = (await page.locator('#leaf-set').boundingBox()) ?? { y: 0, height: VIEWPORT.height };
  const bottom = y + height + (await page.evaluate(() => scrollY)) + MARGIN;
  const clip = { x: 0, y: 0, width: VIEWPORT.width, height: bottom };
  await page.screenshot({ path: PICTURE, fullPage: true, clip });
  console.log(`${PICTURE}: ${Math.round((await stat(PICTURE)).size / 1000)} KB`);
  await ring.stop();
} finally {
  await browser.close();
}

/** The same at every run, so that two pictures differ only where the page does. */
function fullId(prefix: string): string {
  return (prefix + createHash('sha256').update(prefix).digest('hex')).slice(0, ID_DIGITS);
}
