// Takes the README's pictures: a ring of eight in one tab's places, with two files shared. npm run screenshot.
// With a folder as its argument it puts all places there too, small and large, light and dark, for looking at them. With a language
// after it, such as `de`, all of it in that language, and no README's pictures but the one of that language.

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { GERMAN } from '../../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH } from '../../client/test/web/texts-of.ts';
import { chromiumLaunch } from './chromium.ts';
import { storeIn } from './files.ts';
import { speaking } from './language.ts';
import { openedFile, openPlace } from './page.ts';
import { isActive, Ring } from './ring.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const LARGE = { width: 1280, height: 800 };
const SMALL = { width: 800, height: 470 };
const PHONE = { width: 390, height: 844 };
/** Ids spread around the ring, not too evenly, so that the picture shows what a ring looks like. */
const PREFIXES = ['3f2a', '0b94', '1e77', '58c1', '7ad3', '9c0e', 'b641', 'e2f9'];
const ID_DIGITS = 32;
const FILES = [
  { name: 'thesis.pdf', type: 'application/pdf', size: 6_400_000, seed: 1 },
  { name: 'holiday.jpg', type: 'image/jpeg', size: 2_150_000, seed: 2 },
];
const KEY = '8d31';

const folder = process.argv[2];
const isGerman = process.argv[3] === 'de';
const words = isGerman ? GERMAN : ENGLISH;
const browser = await chromium.launch(chromiumLaunch());
try {
  const ring = await Ring.start(browser);
  for (const prefix of PREFIXES) {
    await isActive(await ring.open(`/?id=${fullId(prefix)}`, speaking(isGerman ? 'de' : 'en')));
  }
  await ring.settled();
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('the ring is empty');
  const { page } = tab;
  await page.setViewportSize(LARGE);
  // Else colours are on their way while a picture is taken.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await inAllLooks(page, 'share-empty');

  const links: string[] = [];
  for (const file of FILES) links.push((await storeIn(tab, file)).link);
  await page
    .locator('#own-files .word-safe')
    .nth(FILES.length - 1)
    .waitFor();
  await page.setViewportSize(SMALL);
  await taken(page, join(DOCS, isGerman ? 'share-german.png' : 'share.png'));
  await page.setViewportSize(LARGE);
  await inAllLooks(page, 'share');

  await openPlace(tab, 'ring');
  await page.locator('#lookup-input').fill(KEY);
  await page.locator('#lookup').getByRole('button', { name: words.ring.lookUp }).click();
  await page.locator('#lookup-result .route').waitFor();
  await page.mouse.move(0, 0);
  if (!isGerman) await taken(page, join(DOCS, 'ring-of-8.png'));
  await inAllLooks(page, 'ring');
  await openPlace(tab, 'console');
  await inAllLooks(page, 'console');
  await page.evaluate((link) => location.assign(link), links[0] ?? '');
  await openedFile(tab).getByText(words.open.here).waitFor();
  await inAllLooks(page, 'open');
  await ring.stop();
} finally {
  await browser.close();
}

async function taken(page: Page, path: string): Promise<void> {
  await page.screenshot({ path });
  console.log(`${path}: ${Math.round((await stat(path)).size / 1000)} KB`);
}

/** Nothing without a folder. Leaves the page large and light. */
async function inAllLooks(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const viewport of [PHONE, LARGE]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await page.evaluate(() => scrollTo(0, 0));
      await taken(page, join(folder, `${name}-${viewport.width}-${colorScheme}.png`));
    }
  }
}

/** The same at every run, so that two pictures differ only where the page does. */
function fullId(prefix: string): string {
  return (prefix + createHash('sha256').update(prefix).digest('hex')).slice(0, ID_DIGITS);
}
