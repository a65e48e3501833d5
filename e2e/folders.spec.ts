// A folder as one link, between the command line and tabs: listed, saved file by file or as a whole, and back.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Download, expect, test } from 'playwright/test';
import { Command, type Ended } from '../client/test/node/command.ts';
import { zipFiles } from '../client/test/web/zip-files.ts';
import { copiesComplete } from './support/files.ts';
import { dropFile, typeToOpen } from './support/page.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

let directory = '';
let ring: Ring;
test.beforeEach(async ({ browser }) => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-folders-'));
  ring = await Ring.start(browser);
});
test.afterEach(async () => {
  await ring.stop();
  await rm(directory, { recursive: true });
});

function tabring(...args: readonly string[]): Promise<Ended> {
  return new Command(ring.discovery.url, args, { cwd: directory, input: '' }).ended;
}

/** Files by their paths in a folder of the directory. */
async function makeFolder(name: string, textByPath: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(textByPath)) {
    await mkdir(join(directory, name, path, '..'), { recursive: true });
    await writeFile(join(directory, name, path), text);
  }
}

async function savedBy(tab: Tab, button: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const downloading = tab.page.waitForEvent('download');
  await tab.page.getByRole('button', { name: button, exact: true }).click();
  const download: Download = await downloading;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Wider than any page. */
const LONG_PATH = `summer/${'long-name-'.repeat(20)}.txt`;
const PHOTOS = {
  'a.txt': 'a text',
  '.hidden': 'hidden',
  'summer/beach.jpg': 'beach'.repeat(50_000),
  [LONG_PATH]: 'long',
};

test('a folder from the command line is listed in a tab, and saved: one file, and all as a zip', async () => {
  await ring.grow(3);
  await makeFolder('photos', PHOTOS);
  const stored = await tabring('store', 'photos', '--quiet');
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('no tab');
  // A browser that lets no page write where its user says.
  await tab.page.evaluate(() => {
    for (const name of ['showDirectoryPicker', 'showSaveFilePicker']) Reflect.deleteProperty(window, name);
  });
  await typeToOpen(tab, stored.stdout.trim());
  const list = tab.page.getByRole('list', { name: 'Files in photos' });
  await expect(list.locator('.file-name')).toHaveText(Object.keys(PHOTOS).toSorted());
  const beyond = () => tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await beyond()).toBeLessThanOrEqual(0);
  const one = await savedBy(tab, 'Save summer/beach.jpg');
  expect([one.name, one.bytes.toString()]).toEqual(['beach.jpg', PHOTOS['summer/beach.jpg']]);
  const all = await savedBy(tab, 'Save all');
  expect(all.name).toBe('photos.zip');
  const textByName = Object.fromEntries([...zipFiles(all.bytes)].map(([name, bytes]) => [name, bytes.toString()]));
  expect(textByName).toEqual(
    Object.fromEntries(Object.entries(PHOTOS).map(([path, text]) => [`photos/${path}`, text])),
  );
  expect(tab.complaints).toEqual([]);
});

test('out of a long folder files are found and saved, each answered in its row, while no row moves', async () => {
  await ring.grow(2);
  const [tab, sender] = ring.tabs;
  if (tab === undefined || sender === undefined) throw new Error('no tab');
  const names = Array.from({ length: 120 }, (_, index) => `${index + 1}.txt`);
  await makeFolder('long', Object.fromEntries(names.map((name) => [name, name])));
  await dropFile(sender, join(directory, 'long'));
  const bytes = names.join('').length;
  await expect(sender.page.locator('#own-files > li')).toContainText(`Folder, ${bytes} bytes, private`);
  const link = await sender.page.evaluate(() => window.tabring?.listFiles().own[0]?.link ?? '');
  await typeToOpen(tab, link);
  const { page } = tab;
  await expect(page.locator('#opened')).toContainText(`A folder, 120 files, ${bytes} bytes`);
  const list = page.getByRole('list', { name: 'Files in long' });
  await expect(list.locator('.file-name')).toHaveText(names);
  await list.getByRole('button', { name: 'Save 81.txt', exact: true }).scrollIntoViewIfNeeded();
  const places = () =>
    list.locator('.folder-file').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
  const before = await places();
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  const button = list.getByRole('button', { name: 'Save 80.txt', exact: true });
  await button.dblclick();
  const row = list.locator('.folder-file', { has: page.getByRole('button', { name: 'Save 80.txt', exact: true }) });
  await expect(row).toContainText('saved');
  await expect(page.getByRole('log')).toContainText('80.txt: the browser saves it as 80.txt.');
  expect(await places()).toEqual(before);
  expect(new Set(downloads)).toEqual(new Set(['80.txt']));
  await page.getByLabel('Find a file by its name').fill('12');
  await expect(list.locator('.file-name')).toHaveText(['12.txt', '112.txt', '120.txt']);
  await expect(page.locator('#opened')).toContainText('3 of 120 files');
  expect(tab.complaints).toEqual([]);
});

test('a folder dropped on a tab, or chosen, is one file, which the command line lists and fetches', async () => {
  await ring.grow(3);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('no tab');
  await makeFolder('photos', PHOTOS);
  await mkdir(join(directory, 'photos', 'none'));
  await dropFile(tab, join(directory, 'photos'));
  await expect(tab.page.locator('#own-files > li')).toHaveCount(1);
  await tab.page.locator('#folder-input').setInputFiles(join(directory, 'photos'));
  await expect(tab.page.locator('#own-files > li')).toHaveCount(2);
  await copiesComplete(tab, 3);
  const links = await tab.page.evaluate(() => window.tabring?.listFiles().own.map(({ link }) => link) ?? []);
  const lists = [];
  for (const [index, link] of links.entries()) {
    const listed = JSON.parse((await tabring('list', link, '--json')).stdout);
    lists.push(listed.entries.map(({ path }: { readonly path: string }) => path).toSorted());
    const fetched = await tabring('retrieve', link, '-o', `back-${index}`);
    expect(fetched).toMatchObject({ code: 0, stderr: '' });
    for (const [path, text] of Object.entries(PHOTOS))
      expect(await readFile(join(directory, `back-${index}`, path), 'utf8')).toBe(text);
  }
  // Of a chosen folder browsers tell no empty ones.
  const paths = Object.keys(PHOTOS).toSorted();
  expect(lists.toSorted((a, b) => a.length - b.length)).toEqual([paths, [...paths, 'none'].toSorted()]);
  expect(tab.complaints).toEqual([]);
});

test('a folder’s link opens its list, also of one that a tab dropped in without files', async () => {
  await ring.grow(1);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('no tab');
  await mkdir(join(directory, 'nothing'));
  await dropFile(tab, join(directory, 'nothing'));
  await expect(tab.page.locator('#own-files > li')).toHaveCount(1);
  const link = await tab.page.evaluate(() => window.tabring?.listFiles().own[0]?.link ?? '');
  const opened = await ring.open(`/${link.slice(link.indexOf('#'))}`);
  await isActive(opened);
  await expect(opened.page.locator('#opened')).toContainText('A folder, 0 files');
});
