// A browser profile that the version before certificates really left, opened with this one: its id, its blocks and its files go on.
//
// How it was made (client/test/fixtures/profile-before-certificates.json), with the page and the Discovery node of commit cb9eb7c: a tab
// opened at /?id=7c stored three files by window.tabring.store, the notice with isPublic; then, with another page of the same
// origin in its place, all of indexedDB.databases() were read, each with its one object store. Bytes are text in all of them.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, expect, type Page, test } from 'playwright/test';
import { DIARY, FILES_OF_THEN, LONG, NOTICE } from '../client/test/support/files-before-certificates.ts';
import type { DiscoveryOptions } from '../signaling/server.ts';
import { inspect, isActive, Ring, register, type Tab } from './support/ring.ts';

const LEFT = fileURLToPath(new URL('../client/test/fixtures/profile-before-certificates.json', import.meta.url));
const ID = '7c'.padEnd(32, '0');
const DEVICE = 'cb02986dc2decc20e1b61bc0c929b99c';

interface LeftStore {
  readonly database: string;
  readonly version: number;
  readonly store: string;
  readonly entries: readonly (readonly [string, { readonly bytes: string } | { readonly value: unknown }])[];
}

test('a profile left by the version before certificates is taken over, with its id, device and files', async ({
  browser,
}) => {
  const { ring, tab, other } = await open(browser);
  expect((await inspect(tab)).nodeId).toBe(ID);
  expect(Object.entries((await inspect(tab)).devices)).toContainEqual([ID, DEVICE]);
  const own = await tab.page.evaluate(() => window.tabring?.listFiles().own.map(({ fileId }) => fileId));
  expect(own).toEqual([DIARY, LONG, NOTICE].map(({ fileId }) => fileId));
  for (const { name } of FILES_OF_THEN)
    await expect(tab.page.locator('#own-files > li', { hasText: name })).toBeVisible();
  await allThere([tab, other]);
  // Gone before it is back: on a crowded machine a reload may take longer to free an identity than the next page waits.
  await tab.page.goto('about:blank');
  await register(tab, ring.discovery.url);
  await isActive(tab);
  expect((await inspect(tab)).nodeId).toBe(ID);
  await allThere([tab]);
  await close(ring);
});

test('where nobody may choose an id it is another tab from then on, says so, and all files are there', async ({
  browser,
}) => {
  const { ring, tab, other } = await open(browser, { chosenIds: 'none' });
  expect((await inspect(tab)).nodeId).not.toBe(ID);
  await expect(tab.page.getByText('an earlier version of Tabring kept no keys')).toBeVisible();
  await allThere([tab, other]);
  await close(ring);
});

/** A ring of two tabs, the second of them with the profile. */
async function open(browser: Browser, options: DiscoveryOptions = {}): Promise<{ ring: Ring; tab: Tab; other: Tab }> {
  const ring = await Ring.start(browser, options);
  const other = await ring.open();
  await isActive(other);
  const tab = await ring.open('/', (page) => putBack(page, ring.discovery.url));
  await isActive(tab);
  await ring.settled();
  return { ring, tab, other };
}

/** Into the storage of the page's origin, before anything of the page is loaded. */
async function putBack(page: Page, url: string): Promise<void> {
  const left: readonly LeftStore[] = JSON.parse(await readFile(LEFT, 'utf8'));
  const nowhere = new URL('/nowhere', url).href;
  await page.route(nowhere, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(nowhere);
  await page.evaluate(async (left) => {
    for (const { database, version, store, entries } of left) {
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(database, version);
        opening.onupgradeneeded = () => opening.result.createObjectStore(store);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const writing = opening.result.transaction(store, 'readwrite');
          for (const [key, entry] of entries) {
            const value = 'bytes' in entry ? new TextEncoder().encode(entry.bytes) : entry.value;
            writing.objectStore(store).put(value, key);
          }
          writing.onabort = () => reject(writing.error);
          writing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      });
    }
  }, left);
}

/** By link, and the public one by its name too. */
async function allThere(tabs: readonly Tab[]): Promise<void> {
  for (const { page } of tabs) {
    for (const { fileId, text, name } of FILES_OF_THEN) {
      const fetched = page.evaluate(async (id) => (await (await window.tabring?.retrieve(id))?.blob())?.text(), fileId);
      expect(await fetched, name).toBe(text);
    }
    const found = await page.evaluate(async (name) => window.tabring?.find(name), NOTICE.name);
    expect(found).toMatchObject({ files: [{ fileId: NOTICE.fileId }], missing: 0 });
  }
}

async function close(ring: Ring): Promise<void> {
  for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  await ring.stop();
}
