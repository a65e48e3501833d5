// What a person may get wrong: ids, links, keys and addresses. Each gets a clear answer, and the page goes on working.

import { expect, test } from 'playwright/test';
import { expected, fetchErrorIn, fetchIn, storeIn } from './support/files.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { openedFile, openPlace, typeToOpen } from './support/page.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

const FILE = { name: 'there.bin', type: 'application/octet-stream', size: 5_000, seed: 31 };
const UNKNOWN_ID = 'ab'.repeat(32);
const NOT_FOUND = /no node of this ring has it: check the link/i;
const BAD_LINK = /is neither a file's link nor its id: give a link that has #\/f\/ and 64 hex characters in it/;
const BAD_KEY = /is no key of this ring: give 1 to 32 hex characters/;

let ring: Ring;
let link: string;
let tab: Tab;

test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser);
  await ring.grow(3);
  const [first] = ring.tabs;
  if (first === undefined) throw new Error('the ring is empty');
  tab = first;
  ({ link } = await storeIn(tab, FILE));
});
test.afterEach(async () => {
  await ring.settled();
  await lookupsAreRight(ring);
  for (const each of ring.tabs) expect(await fetchIn(each, link)).toEqual(expected(FILE));
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
});
test.afterAll(async () => {
  await ring.stop();
});

test('an unknown file id is not found', async () => {
  await typeToOpen(tab, UNKNOWN_ID);
  const asked = [UNKNOWN_ID, `${ring.discovery.url}/#/f/${UNKNOWN_ID}`];
  for (const { code, message } of await Promise.all(asked.map((linkOrId) => fetchErrorIn(tab, linkOrId)))) {
    expect([code, message]).toEqual(['not-found', expect.stringMatching(NOT_FOUND)]);
  }
  await expect(failedFetch()).toContainText('No open tab has this file');
  await tab.page.getByRole('button', { name: 'Open another' }).click();
});

test('a malformed link is a bad link', async () => {
  const malformed = ['', 'garbage', '#/f/', `${link}0`, link.replace('#', ''), 'x'.repeat(100_000)];
  for (const linkOrId of malformed) {
    const { code, message } = await fetchErrorIn(tab, linkOrId);
    expect([code, message]).toEqual(['bad-link', expect.stringMatching(BAD_LINK)]);
    // A pasted novel is not repeated.
    expect(message.length).toBeLessThan(400);
  }
  const cut = await fetchErrorIn(tab, link.slice(0, -1));
  expect([cut.code, cut.message]).toEqual(['bad-link', expect.stringContaining('42 of 43')]);
  await typeToOpen(tab, link.slice(0, -1));
  await expect(failedFetch()).toContainText('The link is cut');
  await tab.page.getByRole('button', { name: 'Open another' }).click();
});

test('a key that is no key is a bad id', async () => {
  for (const key of ['', 'xyz', '0x12', 'f'.repeat(33), '３f']) {
    const { code, message } = await lookupError(key);
    expect([code, message]).toEqual(['bad-id', expect.stringMatching(BAD_KEY)]);
  }
  await openPlace(tab, 'ring');
  await tab.page.locator('#lookup-input').fill('not hex');
  await tab.page.locator('#lookup').getByRole('button', { name: 'Look up' }).click();
  await expect(tab.page.locator('#lookup-result')).toContainText(BAD_KEY);
});

test('what the console gives wrongly is refused with a code', async () => {
  const codes = await tab.page.evaluate(async () => {
    const { tabring } = window;
    if (tabring === undefined) throw new Error('not registered');
    const wrong: unknown[] = [undefined, null, 7, {}, [], 'text', { name: 'no file' }];
    const calls = wrong.map((value) => Reflect.apply(tabring.store, tabring, [value]));
    const retrieves = wrong.map((value) => Reflect.apply(tabring.retrieve, tabring, [value]));
    const outcomes = await Promise.allSettled([...calls, ...retrieves]);
    return outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'accepted'));
  });
  expect(codes).toEqual([
    ...Array.from({ length: 7 }, () => 'storage'),
    ...Array.from({ length: 7 }, () => 'bad-link'),
  ]);
});

test('an address with a bad id gets a notice, another id, and a tab that works', async () => {
  const opened = await ring.open('/?id=zzz');
  await isActive(opened);
  await expect(opened.page.locator('.notice')).toHaveText(
    'The address asks for the id “zzz”, but ids are made of the characters 0-9 and a-f. This tab got another one; correct the address and reload to try again.',
  );
});

test('an address with a garbled file gets an explanation, and a tab that works', async () => {
  const opened = await ring.open('/#/f/garbage');
  await isActive(opened);
  await expect(openedFile(opened).getByRole('alert')).toContainText('This link is not whole');
  const elsewhere = await ring.open('/#somewhere');
  await isActive(elsewhere);
  await expect(elsewhere.page.locator('.notice')).toContainText('is not a link to a file');
  // Mended in the address bar.
  await elsewhere.page.evaluate((link) => location.assign(link), link);
  await expect(openedFile(elsewhere)).toContainText(FILE.name);
});

test('a wanted id that another tab has is not given twice, and the second tab is told', async () => {
  const { nodeId } = await inspect(tab);
  const second = await ring.open(`/?id=${nodeId}`);
  await isActive(second);
  const other = (await inspect(second)).nodeId;
  expect(other).not.toBe(nodeId);
  await expect(second.page.locator('.notice')).toHaveText(
    `The id ${nodeId.slice(0, 4)}… belongs to another tab, so this one got ${other.slice(0, 4)}… instead.`,
  );
  expect((await inspect(tab)).nodeId).toBe(nodeId);
});

test('an id that is too long for the ring is explained, and the address can be mended', async () => {
  const context = await tab.context.browser()?.newContext();
  const page = await context?.newPage();
  if (page === undefined) throw new Error('no browser');
  await page.goto(`${ring.discovery.url}/?id=${'a'.repeat(33)}`);
  await expect(page.getByRole('alert')).toContainText('An id of this ring has at most 32 hex digits.');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await context?.close();
});

function failedFetch() {
  return openedFile(tab).getByRole('alert');
}

async function lookupError(key: string): Promise<{ code: unknown; message: unknown }> {
  return tab.page.evaluate(async (key) => {
    try {
      await window.tabring?.lookup(key);
    } catch (error) {
      if (error instanceof Error) return { code: Reflect.get(error, 'code'), message: error.message };
    }
    throw new Error(`“${key}” was looked up`);
  }, key);
}
