// A tab used as its user does: with the mouse, by what is written on the page.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Download, Locator } from 'playwright/test';
import { safeFileName } from '../../client/src/peer/safe-file-name.ts';
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

/** Clicks on the page's “choose them” and chooses these. */
export async function chooseFiles(tab: Tab, files: readonly TestFile[]): Promise<void> {
  const chooser = tab.page.waitForEvent('filechooser');
  // Invisible, it lies over all of the words.
  await tab.page.locator('#file-input').click();
  await (await chooser).setFiles(files.map(asChosen));
}

/** The row of a file in the list of those stored from this tab. */
export function ownFile(tab: Tab, file: TestFile): Locator {
  return tab.page.locator('#own-files > li', { hasText: file.name });
}

/** Clicks on the Download of a fetched file; returns what the browser saved, under the name that it suggested. */
export async function downloadFrom(tab: Tab, file: TestFile): Promise<Pick<FetchedFile, 'name' | 'sha256'>> {
  const downloading = tab.page.waitForEvent('download');
  const row = tab.page.locator('#fetched-files > li', { hasText: safeFileName(file.name) });
  await row.getByRole('link', { name: 'Download' }).click();
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
