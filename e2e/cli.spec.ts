// The command line and tabs of one ring: what one stores the other fetches, byte for byte, by link, by id and by name.
// TABRING_CLI_BYTES sets the size of the large file: 100 MB by `npm run test:large`, less by default to be quick.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { Command, type Ended } from '../client/test/node/command.ts';
import { bytesOf, copiesComplete, expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { openedFile, typeToOpen } from './support/page.ts';
import { Ring } from './support/ring.ts';

const LARGE_BYTES = Number(process.env.TABRING_CLI_BYTES ?? 20_000_000);
/** 100 MB through a crowded machine. */
const TEST_MS = 300_000;

const FROM_CLI: TestFile = { name: 'from the cli.bin', type: '', size: LARGE_BYTES, seed: 11 };
const FROM_TAB: TestFile = { name: 'from a tab.bin', type: 'application/zip', size: LARGE_BYTES, seed: 12 };

test.setTimeout(TEST_MS);

let directory = '';
test.beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-cli-'));
});
test.afterEach(() => rm(directory, { recursive: true }));

function tabring(ring: Ring, ...args: readonly string[]): Promise<Ended> {
  return new Command(ring.discovery.url, args, { cwd: directory, input: '' }).ended;
}

async function digestOf(name: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(directory, name))) hash.update(chunk);
  return hash.digest('hex');
}

function megabytesPerSecond(bytes: number, startedAt: number): string {
  return `${(bytes / 1e6 / ((performance.now() - startedAt) / 1000)).toFixed(1)} MB/s`;
}

test('a file from the command line is fetched in a tab, and one from a tab by the command line', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [first, , last] = ring.tabs;
  if (first === undefined || last === undefined) throw new Error('no tabs');

  await writeFile(join(directory, FROM_CLI.name), bytesOf(FROM_CLI));
  let startedAt = performance.now();
  const stored = await tabring(ring, 'store', FROM_CLI.name, '--json');
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  const speeds = [`store by the command line ${megabytesPerSecond(LARGE_BYTES, startedAt)}`];
  const [file] = JSON.parse(stored.stdout).files;
  expect(file).toMatchObject({ size: LARGE_BYTES, copies: 3, isPublic: false });
  startedAt = performance.now();
  expect(await fetchIn(last, file.link)).toEqual(expected(FROM_CLI));
  speeds.push(`fetch in a tab ${megabytesPerSecond(LARGE_BYTES, startedAt)}`);

  startedAt = performance.now();
  const { link } = await storeIn(first, FROM_TAB);
  await copiesComplete(first, 3);
  speeds.push(`store by a tab ${megabytesPerSecond(LARGE_BYTES, startedAt)}`);
  startedAt = performance.now();
  const fetched = await tabring(ring, 'retrieve', link, '--json');
  expect(fetched).toMatchObject({ code: 0, stderr: '' });
  speeds.push(`fetch by the command line ${megabytesPerSecond(LARGE_BYTES, startedAt)}`);
  expect(JSON.parse(fetched.stdout)).toMatchObject({ name: FROM_TAB.name, type: FROM_TAB.type, path: FROM_TAB.name });
  expect(await digestOf(FROM_TAB.name)).toBe(expected(FROM_TAB).sha256);
  test.info().annotations.push({ type: 'speed', description: speeds.join(', ') });
  if (process.env.TABRING_CLI_BYTES !== undefined) console.log(speeds.join('\n'));
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

test('public files are found by name from both sides, those of one name side by side', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('no tab');
  const name = 'naïve 日本 😀.txt';
  await writeFile(join(directory, name), 'from the command line');
  expect((await tabring(ring, 'store', '--public', name)).code).toBe(0);
  await tab.page.locator('#public-choice').check();
  const chooser = tab.page.waitForEvent('filechooser');
  await tab.page.locator('#file-input').click();
  await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('from a tab') });
  await expect(tab.page.locator('#own-files')).toContainText(name);
  const fromTab = await tab.page.locator('#own-files > li').getAttribute('data-file-id');
  await expect
    .poll(() => tab.page.evaluate(async (name) => (await window.tabring?.find(name))?.files.length, name))
    .toBe(2);
  const listed = await tab.page.evaluate((name) => window.tabring?.find(name), name);
  expect(listed?.files.map(({ fileId, size }) => [fileId, size])).toEqual([
    [fromTab, 10],
    [expect.stringMatching(/^[0-9a-f]{64}$/), 21],
  ]);
  const other = ring.tabs[1];
  if (other === undefined) throw new Error('no other tab');
  await typeToOpen(other, name);
  const choices = other.page.locator('#name-search li');
  await expect(choices).toContainText(['10 bytes', '21 bytes']);
  await choices.last().getByRole('button', { name: 'Open' }).click();
  await expect(openedFile(other)).toContainText('21 bytes');
  const refused = await tabring(ring, 'retrieve', name);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^tabring: 2 files are called /)]);
  const newest = await tabring(ring, 'retrieve', name, '--newest', '-o', '-');
  expect([newest.code, newest.stdout]).toEqual([0, 'from a tab']);
  const older = await tabring(ring, 'retrieve', listed?.files[1]?.fileId ?? '', '-o', '-');
  expect([older.code, older.stdout]).toEqual([0, 'from the command line']);
  await ring.stop();
});

test('a ring of tabs alone is used from the command line, which leaves it as it was', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(4);
  const before = await ring.ids();
  const nodes = JSON.parse((await tabring(ring, 'nodes', '--json')).stdout);
  expect(nodes).toMatchObject({ nodes: before.toSorted(), isWhole: true });
  const found = JSON.parse((await tabring(ring, 'lookup', '8', '--json')).stdout);
  expect(before).toContain(found.root);
  await ring.settled();
  expect(await ring.ids()).toEqual(before);
  for (const { leafSet } of await ring.inspections()) expect(leafSet.cw).toHaveLength(3);
  await ring.stop();
});
