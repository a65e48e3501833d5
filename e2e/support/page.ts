// A tab used as its user does: with the mouse, by what is written on the page.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Download, expect, type Locator } from 'playwright/test';
import { safeFileName } from '../../client/src/peer/safe-file-name.ts';
import type { Place } from '../../client/src/web/text/address.ts';
import { bytesOf, type FetchedFile, type TestFile } from './files.ts';
import type { Tab } from './ring.ts';

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A test file for Playwright's file chooser. */
function asChosen(file: TestFile): Chosen {
  return { name: file.name, mimeType: file.type, buffer: Buffer.from(bytesOf(file)) };
}

/** Goes to a place of the page by its link in the head. */
export async function openPlace({ page }: Pick<Tab, 'page'>, place: Place): Promise<void> {
  await page.locator(`.place-link.to-${place}`).click();
  await page.locator(`main.place-${place} section`).first().waitFor();
}

/** Types a link, an id or a name where a file is opened by it. */
export async function typeToOpen(tab: Tab, text: string): Promise<void> {
  await openPlace(tab, 'share');
  await tab.page.locator('#fetch-input').fill(text);
  await tab.page.locator('#fetch button[type="submit"]').click();
}

/** Clicks on the page's “choose files” and chooses these. */
export async function chooseFiles(tab: Tab, files: readonly TestFile[]): Promise<void> {
  const chooser = tab.page.waitForEvent('filechooser');
  // Invisible, it lies over all of the words.
  await tab.page.locator('#file-input').click();
  await (await chooser).setFiles(files.map(asChosen));
}

/** The card of a file of those stored from this tab. */
export function ownFile(tab: Tab, file: TestFile): Locator {
  return tab.page.locator('#own-files > li', { hasText: file.name });
}

/** The link that stands on the card of an own file. */
export async function linkOnCard(card: Locator): Promise<string> {
  const details = card.getByText('Details', { exact: true });
  await details.click();
  const link = await card.locator('a[href*="#/f/"]').getAttribute('href');
  await details.click();
  if (link === null) throw new Error('the card shows no link');
  return link;
}

/** The file that is open before the user. */
export function openedFile({ page }: Pick<Tab, 'page'>): Locator {
  return page.locator('#opened');
}

/** Clicks on the Save of the opened file; returns what the browser saved, under the name that it suggested. */
export async function saveFrom(tab: Tab, file: TestFile): Promise<Pick<FetchedFile, 'name' | 'sha256'>> {
  const downloading = tab.page.waitForEvent('download');
  await expect(openedFile(tab).getByRole('heading')).toHaveText(safeFileName(file.name));
  await openedFile(tab).getByRole('button', { name: 'Save' }).click();
  const download: Download = await downloading;
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Drops a file on the page from outside of the browser. */
export async function dropFile(tab: Tab, path: string, on = '.drop-zone'): Promise<void> {
  const box = await tab.page.locator(on).boundingBox();
  if (box === null) throw new Error('there is nowhere to drop files');
  const session = await tab.context.newCDPSession(tab.page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}

/** Pastes this on an element of the page. */
export async function paste(
  tab: Tab,
  what: { readonly text: string } | { readonly picture: string },
  on = 'body',
): Promise<void> {
  await tab.page.locator(on).evaluate((element, what) => {
    const clipboardData = new DataTransfer();
    if ('text' in what) clipboardData.setData('text/plain', what.text);
    else clipboardData.items.add(new File(['picture'], what.picture, { type: 'image/png' }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, what);
}
