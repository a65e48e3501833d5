// Share, open, save: the way that everybody takes. By keyboard alone, with what screen readers are told on it kept as text
// (golden/main-path.txt); and in Firefox.

import { readFile } from 'node:fs/promises';
import { expect, firefox, type Locator, type Page, test } from 'playwright/test';
import { bytesOf, type TestFile } from './support/files.ts';
import { firefoxLaunch, whyNoFirefox } from './support/firefox.ts';
import { linkOnCard, openedFile, ownFile } from './support/page.ts';
import { isActive, Ring } from './support/ring.ts';

const FILE: TestFile = { name: 'minutes.pdf', type: 'application/pdf', size: 200_000, seed: 91 };
const CHOSEN = { name: FILE.name, mimeType: FILE.type, buffer: Buffer.from(bytesOf(FILE)) };
/** More than the page has to stop at. */
const MAX_STOPS = 60;

test('by keyboard alone, and as screen readers are told', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(2);
  const [sender, receiver] = ring.tabs;
  if (sender === undefined || receiver === undefined) throw new Error('the ring is too small');
  await sender.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const told: string[] = [];
  const note = async (what: string, page: Page): Promise<void> => {
    const tree = await page.locator('body').ariaSnapshot();
    const lasting = CHANGING.reduce((text, [changing, name]) => text.replaceAll(changing, name), tree);
    told.push(`== ${what}\n${lasting.replaceAll(ring.discovery.url, 'ADDRESS')}\n`);
  };

  const { page } = sender;
  await page.bringToFront();
  // Long before it is opened: else a slow browser opens its own.
  const chooser = page.waitForEvent('filechooser');
  await expect(page.locator('#status')).toHaveText('In the ring: 2 tabs on 2 devices');
  await page.locator('#invite').waitFor();
  await note('Share, before anything is shared', page);
  await tabTo(page, page.locator('#file-input'));
  await page.keyboard.press('Space');
  await (await chooser).setFiles(CHOSEN);
  const card = ownFile(sender, FILE);
  await expect(card).toContainText('2 of 3 copies');
  await expect(page.locator('#closing')).toContainText('Closing loses nothing');
  await note('Share, with a file', page);
  await tabTo(page, card.getByRole('button', { name: 'Copy link' }));
  await page.keyboard.press('Enter');
  await expect(card.getByRole('status')).toHaveText('Copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = receiver.page;
  await other.bringToFront();
  await tabTo(other, other.locator('#fetch-input'));
  await other.keyboard.insertText(link);
  await other.keyboard.press('Enter');
  await expect(openedFile(receiver)).toContainText('every part verified');
  await expect(other.locator('#closing')).toContainText('Closing loses nothing');
  await note('Open, with the file here', other);
  await tabTo(other, openedFile(receiver).getByRole('button', { name: 'Save' }));
  const download = other.waitForEvent('download');
  await other.keyboard.press('Enter');
  expect(await readFile(await (await download).path())).toEqual(CHOSEN.buffer);
  await expect(openedFile(receiver)).toContainText('Done: the browser saves it');
  await note('Open, saved', other);
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
  expect(told.join('\n')).toMatchSnapshot('main-path.txt');
});

const noFirefox = whyNoFirefox();
test('with the mouse in Firefox', async ({ browser }) => {
  test.skip(noFirefox !== undefined, noFirefox);
  const ring = await Ring.start(browser);
  const fox = await firefox.launch(firefoxLaunch());
  const sender = await ring.open('/', undefined, fox);
  await isActive(sender);
  await sender.page.locator('#file-input').setInputFiles(CHOSEN);
  const card = ownFile(sender, FILE);
  await expect(card.getByRole('button', { name: 'Copy link' })).toBeVisible();
  const receiver = await ring.open(await linkOnCard(card), undefined, fox);
  await openedFile(receiver).getByRole('button', { name: 'Save' }).click();
  await expect(openedFile(receiver)).toContainText('Done: the browser saves it');
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
  await fox.close();
});

/** What is another with each run: a file's id, and the day until which it is kept. */
const CHANGING = [
  [/#\/f\/[0-9a-f]{64}/g, '#/f/FILE'],
  [/Kept until .+?, and/g, 'Kept until DAY, and'],
] as const;

/** Goes on with the Tab key until this has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error('the Tab key does not get there');
}
