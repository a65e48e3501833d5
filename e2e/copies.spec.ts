// What the page says of copies, and of closing it: the truth, within seconds after the ring knows.

import { expect, test } from 'playwright/test';
import { storeIn } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { isActive, Ring, register, type Tab } from './support/ring.ts';

/** One segment and a manifest. */
const FILE = { name: 'precious.bin', type: 'application/octet-stream', size: 300_000, seed: 21 };
/** After the ring knows. */
const SOON = { timeout: 10_000 };

let ring: Ring;

test.beforeEach(async ({ browser }) => {
  ring = await Ring.start(browser);
});
test.afterEach(async () => {
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
});

test('stored alone, two join and hold it: only here, then safe; two go without a word: only here again', async () => {
  const tab = await opened();
  await storeIn(tab, FILE);
  await expect(copies(tab)).toHaveText(/^Only here 1 of 3 copies/);
  expect(await warnsOnClosing(tab)).toBe(true);
  const others = [await opened(), await opened()];
  await ring.settled();
  await expect(copies(tab)).toHaveText('Safe 3 of 3 copies on 3 devices', SOON);
  await expect(tab.page.locator('#closing')).toHaveAttribute('data-closing', 'safe', SOON);
  expect(await warnsOnClosing(tab)).toBe(false);
  for (const other of others) await ring.kill(other);
  await ring.settled();
  await expect(copies(tab)).toHaveText(/^Only here 1 of 3 copies/, SOON);
  await expect(tab.page.locator('#closing')).toContainText(`no other tab has ${FILE.name}`);
  expect(await warnsOnClosing(tab)).toBe(true);
});

test('two of three close in good order: only here, and after a reload still', async () => {
  const tab = await opened();
  const others = [await opened(), await opened()];
  await ring.settled();
  await storeIn(tab, FILE);
  await expect(copies(tab)).toHaveText('Safe 3 of 3 copies on 3 devices', SOON);
  for (const other of others) await leave(other);
  await expect(copies(tab)).toHaveText(/^Only here 1 of 3 copies/, SOON);
  await tab.page.reload();
  await isActive(tab);
  await expect(copies(tab)).toHaveText(/^Only here 1 of 3 copies/, SOON);
});

test('three tabs of one profile are three copies on one device, and not safe', async () => {
  const tab = await opened();
  for (const page of [await tab.context.newPage(), await tab.context.newPage()]) {
    const sibling: Tab = { ...tab, page, complaints: [] };
    await register(sibling, ring.discovery.url);
    await isActive(sibling);
  }
  await storeIn(tab, FILE);
  await expect(copies(tab)).toHaveText(/^At risk 3 of 3 copies on 1 device/, SOON);
  await expect(tab.page.locator('#closing')).toHaveAttribute('data-closing', 'thin', SOON);
});

test('who only holds it is told when it is the last; leaving says what it takes with it', async () => {
  const tab = await opened();
  const other = await opened();
  await ring.settled();
  await storeIn(tab, FILE);
  await expect(copies(tab)).toHaveText(/^Copying 2 of 3 copies/, SOON);
  await leave(tab);
  await expect(tab.page.locator('#closing')).toHaveText('Others have all that was here');
  await expect(other.page.locator('#closing')).toContainText('no other tab has 2 parts of others’ files', SOON);
  expect(await warnsOnClosing(other)).toBe(true);
  await leave(other);
  await expect(other.page.locator('#closing')).toContainText('No other tab has 2 parts of others’ files now');
  expect(await warnsOnClosing(other)).toBe(false);
});

test('the count of a file that another stored is had by its link, in the console too', async () => {
  await ring.grow(5);
  const [tab, stranger] = ring.tabs;
  if (tab === undefined || stranger === undefined) throw new Error('the ring is too small');
  const { fileId, link } = await storeIn(tab, FILE);
  const status = (of: Tab): Promise<object | undefined> =>
    of.page.evaluate((whole) => window.tabring?.fileStatus(whole), link);
  await expect.poll(() => status(stranger)).toMatchObject({ fileId, copies: 3, devices: 3, wanted: 3, state: 'safe' });
  await expect.poll(() => status(tab)).toMatchObject({ state: 'safe', segments: [{ digest: fileId }, { copies: 3 }] });
});

async function opened(): Promise<Tab> {
  const tab = await ring.open();
  await isActive(tab);
  return tab;
}

async function leave(tab: Tab): Promise<void> {
  await openPlace(tab, 'ring');
  await tab.page.getByRole('button', { name: 'Leave the ring' }).click();
}

/** What is said of the one file stored from this tab. */
function copies(tab: Tab) {
  return tab.page.locator('#own-files .copies');
}

/** Whether the page would have the browser ask before it closes. */
function warnsOnClosing(tab: Tab): Promise<boolean> {
  return tab.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
}
