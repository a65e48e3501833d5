// The page as a person uses it, with the mouse: store, watch, hand the link on, download elsewhere, look up, leave.

import { writeFile } from 'node:fs/promises';
import { expect, test } from 'playwright/test';
import { bytesOf, expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import {
  chooseFiles,
  dropFile,
  linkOnCard,
  openedFile,
  openPlace,
  ownFile,
  paste,
  saveFrom,
  typeToOpen,
} from './support/page.ts';
import { inspect, isActive, Ring, rootOf, type Tab } from './support/ring.ts';

const TEXT: TestFile = { name: 'naïve 日本 😀.txt', type: 'text/plain', size: 70_000, seed: 51 };
const LARGE: TestFile = { name: 'large.bin', type: 'application/octet-stream', size: 15_000_000, seed: 52 };
const DROPPED: TestFile = { name: 'dropped & <b>bold.html', type: 'text/html', size: 3_000, seed: 53 };

const FROM_PLAIN_HTTP: TestFile = { name: 'from plain http.bin', type: '', size: 9_000_000, seed: 54 };

// One visit: each step goes on from what the one before it left on the page.
test.describe.configure({ mode: 'serial' });

let ring: Ring;
let tab: Tab;
let other: Tab;

test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser);
  await ring.grow(4);
  const [first, second] = ring.tabs;
  if (first === undefined || second === undefined) throw new Error('the ring is too small');
  tab = first;
  other = second;
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
test.afterAll(async () => {
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

test('files chosen with the mouse are stored with progress, and then have 3 of 3 copies', async () => {
  await noteProgress(tab);
  await chooseFiles(tab, [TEXT, LARGE]);
  for (const file of [TEXT, LARGE]) await expect(ownFile(tab, file)).toContainText('3 of 3 copies');
  await expect(tab.page.locator('#store .transfer')).toHaveCount(0);
  const seen = await tab.page.evaluate(() => window.progressSeen ?? []);
  expect(seen).toContainEqual(expect.stringMatching(/^large\.bin \d+% of 15 MB/));
  await expect(ownFile(tab, TEXT)).toContainText('70 KB');
  await expect(ownFile(tab, TEXT)).toContainText('Safe');
  await expect(tab.page.locator('#status')).toHaveText('In the ring: 4 tabs on 4 devices');
  await expect(tab.page.locator('#closing')).toHaveText('Safe to close');
});

test('a file dropped on the page is stored', async () => {
  const path = test.info().outputPath(DROPPED.name);
  await writeFile(path, bytesOf(DROPPED));
  await dropFile(tab, path);
  await expect(ownFile(tab, DROPPED)).toContainText('3 of 3 copies');
  // The name is text, not markup.
  await expect(ownFile(tab, DROPPED).locator('b')).toHaveCount(0);
});

test('what is dropped beside the zone or pasted is stored, and a link that is pasted is opened', async () => {
  const path = test.info().outputPath('beside.txt');
  await writeFile(path, 'beside');
  const address = tab.page.url();
  await dropFile(tab, path, 'h1');
  await paste(tab, { text: 'a thought' });
  await paste(tab, { picture: 'image.png' });
  const own = tab.page.locator('#own-files');
  for (const name of ['beside.txt', 'pasted text.txt', 'image.png']) await expect(own).toContainText(name);
  expect(tab.page.url()).toBe(address);
  expect(tab.context.pages()).toEqual([tab.page]);

  const link = await linkOnCard(own.locator('> li', { hasText: 'pasted text.txt' }));
  await openPlace(other, 'console');
  await paste(other, { text: `${link}\n` });
  await expect(openedFile(other)).toContainText('9 bytes');
  await expect(openedFile(other)).toContainText('every part verified');
  // A box takes its own text.
  await openPlace(other, 'ring');
  await paste(other, { text: '8d31' }, '#lookup-input');
  await paste(other, { text: 'another thought' });
  await expect(other.page.locator('#own-files > li')).toHaveCount(1);
});

test('the link on the clipboard opens the file in a new tab, and its id alone says what is missing', async () => {
  await tab.page.bringToFront();
  await ownFile(tab, TEXT).getByRole('button', { name: 'Copy link' }).click();
  await expect(ownFile(tab, TEXT)).toContainText('Copied');
  const link = await tab.page.evaluate(() => navigator.clipboard.readText());
  const newcomer = await ring.open(link);
  await expect(openedFile(newcomer)).toContainText('70 KB');
  await expect(openedFile(newcomer)).toContainText('every part verified');
  expect(await saveFrom(newcomer, TEXT)).toEqual(saved(TEXT));

  await ownFile(tab, DROPPED).getByText('Details', { exact: true }).click();
  await ownFile(tab, DROPPED).getByRole('button', { name: 'Copy id' }).click();
  await expect(ownFile(tab, DROPPED)).toContainText('Copied');
  const fileId = await tab.page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/#\/f\/[0-9a-f]{64}\.[\w-]{43}$/);
  expect(fileId).toMatch(/^[0-9a-f]{64}$/);
  await ownFile(tab, DROPPED).getByText('Details', { exact: true }).click();
  await typeToOpen(other, `  ${fileId}\n`);
  await expect(openedFile(other).getByRole('alert')).toContainText('opens by its whole link only');
  await other.page.getByRole('button', { name: 'Open another' }).click();
  await other.page.locator('#fetch-input').fill(await linkOf(tab, DROPPED));
  await other.page.keyboard.press('Enter');
  expect((await saveFrom(other, DROPPED)).sha256).toBe(saved(DROPPED).sha256);

  await openPlace(other, 'share');
  await other.page.locator('#fetch-input').fill(await linkOf(tab, LARGE));
  await other.page.keyboard.press('Enter');
  expect(await saveFrom(other, LARGE)).toEqual(saved(LARGE));
});

test('a key is looked up in the box, and the route is drawn', async () => {
  const ids = await ring.ids();
  const [key] = ids.filter((id) => id !== ids[1]).map((id) => `${id.slice(0, 6)}`);
  if (key === undefined) return;
  await openPlace(other, 'ring');
  await other.page.locator('#lookup-input').fill(key);
  await other.page.locator('#lookup').getByRole('button', { name: 'Look up' }).click();
  const root = rootOf((await other.page.evaluate((key) => window.tabring?.lookup(key), key))?.key ?? never(), ids);
  await expect(other.page.locator('#lookup-result')).toContainText(`is ${root.slice(0, 4)}…, reached in 1 hop`);
  await expect(other.page.locator('#lookup-result .route li').last()).toHaveText(`${root.slice(0, 4)}… root`);
  await expect(other.page.locator('#ring .hop')).toHaveCount(1);
  await other.page.locator('#lookup').getByRole('button', { name: 'Random key' }).click();
  await expect(other.page.locator('#lookup-input')).toHaveValue(/^[0-9a-f]{32}$/);
  const random = await other.page.locator('#lookup-input').inputValue();
  await expect(other.page.locator('#lookup-result code').first()).toHaveAttribute('title', random);
  // It is still there for who comes back.
  await openPlace(other, 'share');
  await openPlace(other, 'ring');
  await expect(other.page.locator('#lookup-input')).toHaveValue(random);
  await expect(other.page.locator('#lookup-result code').first()).toHaveAttribute('title', random);
});

test('the event log tells of joining, table updates, messages, stored blocks and links', async () => {
  await openPlace(other, 'console');
  const log = other.page.locator('#event-log');
  const filter = other.page.locator('#log select');
  const topics: readonly (readonly [string, RegExp])[] = [
    ['joining and leaving', /Joined: the request went to [0-9a-f]{4}…/],
    ['joining and leaving', /Active: the leaf set has confirmed this tab/],
    ['table updates', /Leaf set: added [0-9a-f]{4}…/],
    ['table updates', /Routing table: [0-9a-f]{4}… into row \d+, column [0-9a-f]/],
    ['routed messages', /Lookup from this tab for key/],
    ['stored blocks', /Now holding block [0-9a-f]{4}…/],
    ['links', /Link to [0-9a-f]{4}… is open/],
  ];
  const all = await log.locator('li').count();
  for (const [topic, sentence] of topics) {
    await filter.selectOption(topic);
    await expect(log.locator('li', { hasText: sentence }).first()).toBeVisible();
    expect(await log.locator('li').count()).toBeLessThan(all);
  }
  await filter.selectOption('everything');
});

test('the leave button hands over and leaves; the page says so, and joins again', async () => {
  const { nodeId } = await inspect(tab);
  const link = await linkOf(tab, TEXT);
  await openPlace(tab, 'ring');
  await tab.page.getByRole('button', { name: 'Leave the ring' }).click();
  await expect(tab.page.locator('#status')).toHaveText('Left the ring');
  await openPlace(tab, 'share');
  await expect(tab.page.locator('#file-input')).toBeDisabled();
  await expect(other.page.locator('#event-log')).toContainText(`${nodeId.slice(0, 4)}… said goodbye and left the ring`);
  await openPlace(other, 'ring');
  await expect(other.page.locator('#leaf-set')).toContainText('closest first');
  await expect(other.page.locator('#leaf-set')).not.toContainText(nodeId.slice(0, 4));
  await expect.poll(() => ring.discovery.peers()).toBe(ring.tabs.length - 1);

  await tab.page.getByRole('button', { name: 'Join again', exact: true }).click();
  await isActive(tab);
  await ring.settled();
  expect((await inspect(tab)).nodeId).toBe(nodeId);
  // Its own files are still its own.
  expect(await linkOf(tab, TEXT)).toBe(link);
});

test('a page over plain http says what it lacks, and works', async () => {
  // Not localhost to a browser, and this machine to the system.
  const address = ring.discovery.url.replace('127.0.0.1', '0.0.0.0');
  const insecure = await ring.open(address);
  await isActive(insecure);
  expect(await insecure.page.evaluate(() => isSecureContext)).toBe(false);
  await expect(insecure.page.locator('.notice')).toContainText('over https (npm start -- --https)');
  await typeToOpen(insecure, await linkOf(tab, LARGE));
  expect(await saveFrom(insecure, LARGE)).toEqual(saved(LARGE));
  // Without WebCrypto what is computed over segments is computed by a worker, so that the page goes on drawing.
  expect(insecure.page.workers()).toHaveLength(1);
  const { link } = await storeIn(insecure, FROM_PLAIN_HTTP);
  expect(await fetchIn(tab, link)).toEqual(expected(FROM_PLAIN_HTTP));
});

declare global {
  interface Window {
    /** Test only: each line that a transfer showed. */
    progressSeen?: string[];
  }
}

/** Notes what the rows of transfers say, however short they say it. */
async function noteProgress({ page }: Tab): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    window.progressSeen = seen;
    const note = (): void => {
      for (const row of document.querySelectorAll('#store .transfer-head')) seen.push(row.textContent);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function linkOf(tab: Tab, file: TestFile): Promise<string> {
  return linkOnCard(ownFile(tab, file));
}

function saved(file: TestFile): { name: string; sha256: string } {
  const { name, sha256 } = expected(file);
  return { name, sha256 };
}

function never(): never {
  throw new Error('the page does not show it');
}
