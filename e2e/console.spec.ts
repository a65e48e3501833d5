// The page's console, as a person uses it: commands typed, completed and called back, files chosen and saved, text copied.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Locator, test } from 'playwright/test';
import { bytesOf, expected, type TestFile } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { inspect, Ring, type Tab } from './support/ring.ts';

const FILE: TestFile = { name: 'naïve 日本 😀.txt', type: 'text/plain', size: 70_000, seed: 71 };
const IDS = ['1000', '5000', 'a000'];

// One visit: each step goes on from what the one before it left on the page.
test.describe.configure({ mode: 'serial' });

let ring: Ring;
let tab: Tab;
let other: Tab;
let output: Locator;

test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser, { params: { digits: 4, leafSetSize: 2 } });
  for (const id of IDS) await ring.open(`/?id=${id}`);
  await ring.settled();
  const [, first, second] = ring.tabs;
  if (first === undefined || second === undefined) throw new Error('the ring is too small');
  tab = first;
  other = second;
  output = tab.page.locator('#console-output');
  for (const each of ring.tabs) await openPlace(each, 'console');
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
test.afterAll(async () => {
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

async function enter({ page }: Tab, line: string): Promise<void> {
  await page.locator('#console-input').fill(line);
  await page.locator('#console-input').press('Enter');
}

test('the route of the join and the tables are there already', async () => {
  await expect(output).toContainText('route of the join\n  0 5000\n  1 1000');
  await expect(output).toContainText('active\nleaf set: ');
  await expect(output).toContainText('leaf set: + a000');
});

test('print-dht prints the tables, leaf-set and routing-table the course’s formats', async () => {
  const { devices } = await inspect(tab);
  const address = (id: string): string =>
    `${Object.entries(devices)
      .find(([node]) => node === id)?.[1]
      .slice(0, 8)}:${id}`;
  await enter(tab, 'print-dht');
  const row = (cells: string): string => `  0   ${cells.replaceAll('-', '-   ').replaceAll('*', '*   ')}`.trimEnd();
  await expect(output).toContainText(`> print-dht\nleaf set: 2 of 2\n  1000  counterclockwise\n  a000  clockwise\n`);
  await expect(output).toContainText(row('- 1000 - - - * - - - - a000 - - - - -'));
  await enter(tab, 'leaf-set');
  await expect(output).toContainText(`> leaf-set\n${address('1000')}, 1000\n${address('a000')}, a000`);
  await enter(tab, 'routing-table');
  await expect(output).toContainText(`> routing-table\n0-:,1-${address('1000')},2-:,3-:,4-:,5-:,`);
});

test('Tab completes, the arrow keys go back, and wrong commands get a line that helps', async () => {
  const input = tab.page.locator('#console-input');
  await input.fill('');
  await input.pressSequentially('loo');
  await input.press('Tab');
  await expect(input).toHaveValue('lookup ');
  await input.pressSequentially('8');
  await input.press('Enter');
  await expect(output).toContainText('key 8000\nroute\n  0 5000\n  1 a000\nroot a000');
  await expect(other.page.locator('#console-output')).toContainText(
    'lookup: key 8000, from 5000, hop 1, next hop none, this node is the root',
  );
  await enter(tab, 'frobnicate');
  await expect(output.locator('.console-complaint')).toHaveText(
    'unknown command "frobnicate": type "help" for those there are',
  );
  for (const line of ['frobnicate', 'lookup 8', 'routing-table']) {
    await input.press('ArrowUp');
    await expect(input).toHaveValue(line);
  }
  await input.press('ArrowDown');
  await expect(input).toHaveValue('lookup 8');
  await input.fill('');
  await input.press('Tab');
  await expect(input).not.toBeFocused();
});

test('store lets choose files, and says where they went', async () => {
  const chooser = tab.page.waitForEvent('filechooser');
  await enter(tab, 'store');
  await (await chooser).setFiles([{ name: FILE.name, mimeType: FILE.type, buffer: Buffer.from(bytesOf(FILE)) }]);
  await expect(output).toContainText(`file ${FILE.name}, 70 KB`);
  await expect(output).toContainText('stored: 2 copies');
  await openPlace(tab, 'share');
  await expect(tab.page.locator('#own-files')).toContainText(FILE.name);
  await openPlace(tab, 'console');
  await expect(output).toContainText('stored: 2 copies');
  await expect(other.page.locator('#console-output')).toContainText(
    /stored here: block [0-9a-f]{64}, key [0-9a-f]{4}, from [15]000/,
  );
  await enter(tab, 'list-files');
  await expect(output).toContainText(`2 of 2 copies: safe  70 KB  ${FILE.name}`);
});

test('retrieve takes the name, and the browser saves the file', async () => {
  const downloading = other.page.waitForEvent('download');
  await enter(other, `retrieve "${FILE.name}"`);
  const download = await downloading;
  const sha256 = createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex');
  expect([download.suggestedFilename(), sha256]).toEqual([FILE.name, expected(FILE).sha256]);
  await expect(other.page.locator('#console-output')).toContainText(`the browser saves it as ${FILE.name}`);
});

test('all of it can be copied', async () => {
  await tab.page.bringToFront();
  await tab.page.locator('#console').getByRole('button', { name: 'Copy all' }).click();
  await expect(tab.page.locator('#console')).toContainText('Copied');
  const text = await tab.page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('\nkey 8000\nroute\n  0 5000\n  1 a000\nroot a000\n');
});

test('remove-node leaves the ring', async () => {
  await enter(tab, 'remove-node');
  await expect(output).toContainText(/leaving: handing over \d blocks?\n/);
  await expect(output).toContainText('node 5000 is removed');
  await expect(tab.page.locator('#status')).toHaveText('Left the ring');
  await expect(other.page.locator('#console-output')).toContainText('node 5000 left');
  await expect.poll(() => ring.discovery.peers()).toBe(2);
});
