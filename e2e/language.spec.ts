// The page in German: by the browser's wish or the user's choice, in all that it says; and its colours, by the user's choice.

import { expect, type Page, test } from 'playwright/test';
import { GERMAN } from '../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH, textsOf } from '../client/test/web/texts-of.ts';
import { copiesComplete, type TestFile } from './support/files.ts';
import { speaking, speakNow } from './support/language.ts';
import { chooseFiles, openedFile, openPlace, ownFile } from './support/page.ts';
import { Ring } from './support/ring.ts';
import { FILE, inAllStates, openSettings } from './support/states.ts';

const { frame, share, own, open, settings } = GERMAN;
const PHOTO: TestFile = { name: 'Straße.jpg', type: 'image/jpeg', size: 120_000, seed: 82 };
const DARK = 'rgb(15, 21, 24)';
const LIGHT = 'rgb(243, 246, 247)';

let ring: Ring;
test.beforeEach(async ({ browser }) => {
  ring = await Ring.start(browser);
});
test.afterEach(async () => {
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

test('in a German browser a file is shared, opened and saved in German', async () => {
  const german = { locale: 'de-AT' };
  const sender = await ring.open('/', undefined, undefined, german);
  const receiver = await ring.open('/', undefined, undefined, german);
  await expect(sender.page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(sender.page.locator('.drop-zone')).toContainText(share.label);
  await expect(sender.page.locator('#status')).toHaveText('Im Ring: 2 Tabs auf 2 Geräten');
  await expect(sender.page).toHaveTitle('Tabring Teilen');
  await chooseFiles(sender, [PHOTO]);
  const card = ownFile(sender, PHOTO);
  await expect(card).toContainText('120 KB, privat');
  await copiesComplete(sender, 2);
  await expect(card.locator('.safety')).toContainText('2 von 3 Kopien auf 2 Geräten');
  await expect(card.getByRole('button', { name: own.copyLink })).toBeVisible();
  await card.getByText(own.details, { exact: true }).click();
  const link = await card.locator('a[href*="#/f/"]').getAttribute('href');
  await receiver.page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    new URL(link ?? '').hash,
  );
  await expect(openedFile(receiver)).toContainText(open.here);
  const downloading = receiver.page.waitForEvent('download');
  await openedFile(receiver).getByRole('button', { name: open.save }).click();
  expect((await downloading).suggestedFilename()).toBe(PHOTO.name);
  await expect(openedFile(receiver)).toContainText('Fertig: Der Browser speichert sie als Straße.jpg.');
});

test('every text changes with the language, in every place and state', async () => {
  const tab = await ring.open('/', speaking('de'));
  await ring.grow(1);
  const ofGerman = new Set(textsOf(GERMAN).map(({ text }) => text));
  /** Words that are the same in both. */
  const both = new Set(textsOf(ENGLISH).flatMap(({ text }) => (ofGerman.has(text) ? [text] : [])));
  await inAllStates(tab, GERMAN, async () => {
    const german = await textsOn(tab.page);
    expect(german.length).toBeGreaterThan(10);
    await speakNow(tab.page, 'en');
    const english = new Set(await textsOn(tab.page));
    await speakNow(tab.page, 'de');
    expect(german.filter((text) => english.has(text) && !both.has(text))).toEqual([]);
  });
});

test('the language is chosen on the page, kept, and the same in all tabs of the browser', async () => {
  const tab = await ring.open();
  const other = await tab.context.newPage();
  await other.goto(tab.page.url());
  await expect(other.locator('.drop-zone')).toContainText(ENGLISH.share.label);
  await openSettings(tab, ENGLISH.settings.title);
  await tab.page.getByRole('combobox', { name: ENGLISH.settings.language }).selectOption('Deutsch');
  for (const page of [tab.page, other]) {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.locator('.drop-zone')).toContainText(share.label);
  }
  await tab.page.keyboard.press('Escape');
  await expect(tab.page.locator('.settings-menu')).toBeHidden();
  await expect(tab.page.getByRole('button', { name: settings.title })).toBeFocused();
  await tab.page.reload();
  await expect(tab.page.locator('.to-share')).toHaveText(frame.places.share);
  await openSettings(tab, settings.title);
  await tab.page.getByRole('combobox', { name: settings.language }).selectOption('English');
  await expect(other.locator('.drop-zone')).toContainText(ENGLISH.share.label);
});

test('German is loaded by those alone who read it', async () => {
  const catalogues = (page: Page): string[] => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/\/catalogue-[\w-]+\.js$/.test(request.url())) asked.push(request.url());
    });
    return asked;
  };
  const asked: string[][] = [];
  const watch = async (page: Page): Promise<void> => {
    asked.push(catalogues(page));
  };
  await openPlace(await ring.open('/', watch), 'ring');
  await ring.open('/', watch, undefined, { locale: 'de-DE' });
  expect(asked.map(({ length }) => length)).toEqual([0, 1]);
});

test('colours are chosen against the system’s, and there before anything is drawn', async () => {
  const tab = await ring.open();
  const { page } = tab;
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background(page)).toBe(LIGHT);
  await openSettings(tab, ENGLISH.settings.title);
  await page.getByRole('combobox', { name: ENGLISH.settings.colours }).selectOption(ENGLISH.settings.dark);
  expect(await background(page)).toBe(DARK);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  await page.locator('#status').click();
  await expect(page.locator('.settings-menu')).toBeHidden();
  // The page's own script never comes.
  await page.route(/\/assets\/index-[\w-]+\.js$/, () => undefined);
  await page.reload({ waitUntil: 'commit' });
  await page.locator('.starting').waitFor();
  expect(await background(page)).toBe(DARK);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await openSettings(tab, ENGLISH.settings.title);
  await page.getByRole('combobox', { name: ENGLISH.settings.colours }).selectOption(ENGLISH.settings.system);
  expect(await background(page)).toBe(LIGHT);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background(page)).toBe(DARK);
});

test('the browser’s tab shows how far files are', async () => {
  const tab = await ring.open();
  const seen = tab.page.waitForFunction(() => /^\d+% – Tabring Share$/.test(document.title), undefined, {
    polling: 20,
  });
  await chooseFiles(tab, [{ name: 'large.bin', type: '', size: 8_000_000, seed: 83 }]);
  await seen;
  await expect(tab.page).toHaveTitle('Tabring Share');
  await expect(tab.page.locator('link[rel="icon"]')).toHaveAttribute('href', /^data:image\/svg\+xml,/);
});

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** All that is read and heard on it, but for what is the user's, others', or in no language. */
async function textsOn(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [document.title];
    for (const element of document.querySelectorAll('body *')) {
      // What commands print is English; languages are called as they call themselves; a file's mark is the ending of its name.
      if (element.closest('#console-output, option[lang], .file-mark, script, noscript') !== null) continue;
      for (const name of ['aria-label', 'title', 'alt', 'placeholder']) found.push(element.getAttribute(name) ?? '');
      // Ids and their digits.
      if (element.matches('code, td, svg text, svg tspan, .shared')) continue;
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.nodeValue ?? '');
    }
    return found.map((text) => text.trim());
  });
  const plain = (text: string): string =>
    text
      .replaceAll(FILE.name, '')
      .replaceAll(FILE.type, '')
      // Ids, links, amounts with their units, and names that are the same in all languages.
      .replaceAll(/\b[0-9a-f]{4}(…|[0-9a-f]{12,60}\b)|https?:\/\/\S+|\b\d+ (KB|ms)\b|Tabring( Ring)?/g, '');
  return [...new Set(texts)].filter((text) => /\p{L}{2}/u.test(plain(text)));
}
