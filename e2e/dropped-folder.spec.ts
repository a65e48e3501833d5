// A folder dropped on the page: its files are stored, those in folders of it too.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { dropFile } from './support/page.ts';
import { Ring } from './support/ring.ts';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-dropped-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

test('the files of a dropped folder are stored, and one without files is told', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(1);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('no tab');
  await mkdir(join(folder, 'photos', 'summer'), { recursive: true });
  await mkdir(join(folder, 'nothing'));
  await writeFile(join(folder, 'photos', 'first.jpg'), 'first');
  await writeFile(join(folder, 'photos', 'summer', 'second.jpg'), 'second');
  await dropFile(tab, join(folder, 'photos'));
  await expect(tab.page.locator('#own-files > li')).toHaveCount(2);
  await expect(tab.page.locator('#own-files')).toContainText('first.jpg');
  await expect(tab.page.locator('#own-files')).toContainText('second.jpg');
  await dropFile(tab, join(folder, 'nothing'));
  await expect(tab.page.locator('#store .transfer.failed')).toContainText('Left out: there are no files in it');
  expect(tab.complaints).toEqual([]);
  await ring.stop();
});
