// How files are shared: for how long, and several or a folder as one, as programs give them.

import { expect, test } from 'playwright/test';
import { isActive, Ring } from './support/ring.ts';

test('a file that is shared for an hour says when it goes, until it is pinned', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const tab = await ring.open();
  await isActive(tab);
  await tab.page.getByRole('combobox', { name: 'Kept' }).selectOption('for 1 hour');
  await tab.page
    .locator('#file-input')
    .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
  const card = tab.page.locator('#own-files > li');
  await expect(card).toContainText(/Gone on .*\d:\d\d.* unless pinned/);
  const hours = await tab.page.evaluate(() => {
    const [own] = window.tabring?.listFiles().own ?? [];
    return ((own?.expires ?? 0) - Date.now()) / 3_600_000;
  });
  expect(hours).toBeGreaterThan(0.9);
  expect(hours).toBeLessThanOrEqual(1);
  await card.getByRole('button', { name: 'Pin', exact: false }).click();
  await expect(card).toContainText('Kept until');
  expect(tab.complaints).toEqual([]);
  await ring.stop();
});

test('programs store several files, or a folder, as one, and read what is in it', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const tab = await ring.open();
  await isActive(tab);
  const read = await tab.page.evaluate(async () => {
    const { tabring } = window;
    if (tabring === undefined) throw new Error('no tab');
    const top = await navigator.storage.getDirectory();
    const folder = await top.getDirectoryHandle('songs', { create: true });
    const inner = await folder.getDirectoryHandle('old', { create: true });
    await folder.getDirectoryHandle('empty', { create: true });
    const writable = await (await inner.getFileHandle('b.txt', { create: true })).createWritable();
    await writable.write('of a folder');
    await writable.close();
    const texts: string[] = [];
    for (const given of [[new File(['one'], 'a.txt'), new File(['two'], 'b.txt')], folder]) {
      const { link } = await tabring.store(given, { isPublic: false });
      const file = await tabring.retrieve(link);
      texts.push(file.name);
      for (const item of (await file.entries?.()) ?? [])
        texts.push(item.kind === 'file' ? `${item.path}: ${await (await item.blob()).text()}` : `${item.path}/`);
    }
    return texts;
  });
  expect(read).toEqual(['folder', 'a.txt: one', 'b.txt: two', 'songs', 'old/b.txt: of a folder', 'empty/']);
  expect(tab.complaints).toEqual([]);
  await ring.stop();
});
