// Takes the pictures of README and docs/page.md: a ring of eight in its tabs' places. npm run screenshot.
// With a folder as its argument it puts the places of one tab there too, small and large, light and dark, for looking at them. With a
// language after it, such as `de`, these in that language, and none of the documents' pictures.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Locator, type Page } from 'playwright';
import { GERMAN } from '../../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH } from '../../client/test/web/texts-of.ts';
import { chromiumLaunch } from './chromium.ts';
import { copiesComplete, storeIn, type TestFile } from './files.ts';
import { speaking } from './language.ts';
import { chooseFiles, openedFile, openPlace } from './page.ts';
import { isActive, Ring, type Tab } from './ring.ts';
import { smallPng } from './small-png.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const PICTURES = join(DOCS, 'pictures');
const LARGE = { width: 1280, height: 800 };
const MEDIUM = { width: 1120, height: 700 };
/** The ring, and the sentence below it. */
const TALL = { width: 1120, height: 780 };
const SMALL = { width: 800, height: 680 };
const PHONE = { width: 390, height: 844 };
/** Ids spread around the ring, not too evenly, so that the picture shows what a ring looks like. */
const PREFIXES = ['3f2a', '0b94', '1e77', '58c1', '7ad3', '9c0e', 'b641', 'e2f9'];
/** Whose tab speaks German. */
const GERMAN_PREFIX = '0b94';
const ID_DIGITS = 32;
const FILES: readonly TestFile[] = [
  { name: 'thesis.pdf', type: 'application/pdf', size: 6_400_000, seed: 1 },
  { name: 'holiday.jpg', type: 'image/jpeg', size: 2_150_000, seed: 2 },
];
const TYPES = [
  ['jpg', 'image/jpeg'],
  ['pdf', 'application/pdf'],
  ['mp4', 'video/mp4'],
  ['txt', 'text/plain'],
] as const;
/** With the two before them a hundred, names of all lengths. */
const MANY: readonly TestFile[] = Array.from({ length: 98 }, (_, index) => {
  const [ending = 'txt', type = 'text/plain'] = TYPES[index % TYPES.length] ?? [];
  const words = ['Minutes', 'of the meeting of', 'the society for the preservation of', 'old railways in the valley'];
  const name = `${words.slice(0, 1 + (index % 5)).join(' ')} ${index + 1}.${ending}`;
  return { name, type, size: 2_000 + index * 300, seed: 100 + index };
});
const COPIES = 3;
const COUNTED_MS = 20_000;
/** Of the root's first digit. */
const KEY = 'ea10';

const folder = process.argv[2];
const isGerman = process.argv[3] === 'de';
const words = isGerman ? GERMAN : ENGLISH;
const browser = await chromium.launch(chromiumLaunch());
try {
  const ring = await Ring.start(browser);
  for (const prefix of PREFIXES) {
    const language = isGerman || prefix === GERMAN_PREFIX ? 'de' : 'en';
    await isActive(await ring.open(`/?id=${fullId(prefix)}`, speaking(language)));
  }
  await ring.settled();
  const [tab, german, phone] = ring.tabs;
  if (tab === undefined || german === undefined || phone === undefined) throw new Error('the ring is too small');
  // Else colours are on their way while a picture is taken.
  for (const { page } of ring.tabs) await page.emulateMedia({ reducedMotion: 'reduce' });
  await takeShare(tab);
  await takeRing(tab);
  await takeOpen(phone, (await tab.page.evaluate(() => window.tabring?.listFiles().own[0]?.link)) ?? '');
  if (!isGerman) {
    await german.page.setViewportSize(SMALL);
    for (const file of FILES) await storeIn(german, file);
    await isSafe(german, FILES.length);
    await documented(german.page, join(DOCS, 'share-german.png'));
    await takeMany(tab);
  }
  await ring.stop();
} finally {
  await browser.close();
}

/** Without a file, with one, with two; the last also dark. Leaves the tab in Share. */
async function takeShare(tab: Tab): Promise<void> {
  const { page } = tab;
  await page.setViewportSize(MEDIUM);
  await documented(page, join(PICTURES, 'share-empty.png'));
  await inAllLooks(page, 'share-empty');
  for (const [index, file] of FILES.entries()) {
    await storeIn(tab, file);
    await isSafe(tab, index + 1);
    if (index > 0) continue;
    await documented(page, join(PICTURES, 'share-one.png'));
    await inAllLooks(page, 'share-one');
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await documented(page, join(PICTURES, 'share-dark.png'));
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(SMALL);
  await documented(page, join(DOCS, 'share.png'));
  await page.setViewportSize(MEDIUM);
  await inAllLooks(page, 'share');
}

/** Ring while a lookup is walked, its tables, and the Console. */
async function takeRing(tab: Tab): Promise<void> {
  const { page } = tab;
  await openPlace(tab, 'ring');
  await page.locator('#lookup-input').fill(KEY);
  await page.locator('#lookup').getByRole('button', { name: words.ring.lookUp }).click();
  await page.locator('#lookup-result .route').waitFor();
  await backToHop(page);
  await page.setViewportSize(TALL);
  await documented(page, join(DOCS, 'ring-of-8.png'));
  await documented(page.locator('#routing-table'), join(PICTURES, 'routing-table.png'));
  await inAllLooks(page, 'ring');
  await page.setViewportSize(MEDIUM);
  await openPlace(tab, 'console');
  await page.locator('#console .actions button').nth(1).click();
  for (const command of ['leaf-set', `lookup ${KEY}`]) {
    await page.locator('#console-input').fill(command);
    await page.locator('#console-input').press('Enter');
    await page.locator('#console button[type="submit"]:enabled').waitFor();
  }
  await page.evaluate(() => scrollTo(0, 0));
  await documented(page, join(PICTURES, 'console.png'));
  await inAllLooks(page, 'console');
}

/** The picture stands still while the lookup goes on, and what it used of the tables is lit. */
async function backToHop(page: Page): Promise<void> {
  const [self = ''] = PREFIXES;
  const [before] = words.living.hop(1, self, '').split(self);
  const hop = new RegExp(`^${before}${self}`);
  await page.locator('#story').getByRole('button', { name: hop }).first().click();
  await page.locator('#ring-caption', { hasText: hop }).waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
}

/** As who was sent a link meets it. */
async function takeOpen({ page }: Tab, link: string): Promise<void> {
  await page.setViewportSize(PHONE);
  await page.evaluate((link) => location.assign(link), link);
  await openedFile({ page }).getByText(words.open.here).waitFor();
  await safeToClose(page);
  await documented(page, join(PICTURES, 'open-phone.png'));
  await inAllLooks(page, 'open');
}

/** A hundred files. */
async function takeMany(tab: Tab): Promise<void> {
  const { page } = tab;
  await openPlace(tab, 'share');
  await chooseFiles(tab, MANY);
  await page.locator('#own-title', { hasText: String(FILES.length + MANY.length) }).waitFor();
  await copiesComplete(tab, COPIES);
  await page.locator('#store .transfer').first().waitFor({ state: 'detached' });
  await safeToClose(page);
  // Else the pointer and the focus are on the zone.
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await documented(page, join(PICTURES, 'share-many.png'));
  await inAllLooks(page, 'share-many');
}

async function isSafe({ page }: Tab, files: number): Promise<void> {
  await page
    .locator('#own-files .word-safe')
    .nth(files - 1)
    .waitFor();
}

/** Until what else it holds has been counted too; that may take longer than anybody waits for a picture. */
async function safeToClose(page: Page): Promise<void> {
  const safe = page.locator('#closing[data-closing="safe"]').waitFor({ timeout: COUNTED_MS });
  await safe.catch(() => console.log('not all that this tab holds has been counted as safe'));
}

/** For a document; those are in English, but for the one of the German tab. */
async function documented(what: Page | Locator, path: string): Promise<void> {
  if (!isGerman) await taken(what, path);
}

async function taken(what: Page | Locator, path: string): Promise<void> {
  const png = smallPng(await what.screenshot());
  await writeFile(path, png);
  console.log(`${path}: ${Math.round(png.length / 1000)} KB`);
}

/** Nothing without a folder. Leaves the page as large as for the documents, and light. */
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
  await page.setViewportSize(MEDIUM);
}

/** The same at every run, so that two pictures differ only where the page does. */
function fullId(prefix: string): string {
  return (prefix + createHash('sha256').update(prefix).digest('hex')).slice(0, ID_DIGITS);
}
