// A file that is too large for memory, saved by a tab: from a service worker, as from a server, while the page's memory stays small;
// and after a reload in the midst of it from what had come.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type CDPSession, expect, type Locator, test } from 'playwright/test';
import { composeNodePeer, type NodePeer } from '../client/src/node/compose.ts';
import { openedFile } from './support/page.ts';
import { inspect, isActive, Ring, type Tab } from './support/ring.ts';

const SEGMENT_BYTES = 4 * 2 ** 20;
const SIZE = 100_000_000;
const SEGMENTS = Math.ceil(SIZE / (SEGMENT_BYTES - 16));
/** What the page may have in memory beyond what it had before; on a crowded machine garbage waits longer. */
const MAX_GROWTH_BYTES = (SIZE * 3) / 4;
/** A name with all that makes a header hard. */
const NAME = "naïve 日本 (1) 'quoted'; x=1.bin";

const PEERS = 4;
/** Segments of a file that are fetched at once. */
const IN_FLIGHT = 4;
const bytes = randomBytes(SIZE);
const digest = createHash('sha256').update(bytes).digest('hex');
/** A crowded machine may take its while. */
const TEST_MS = 300_000;
test.setTimeout(TEST_MS);

let ring: Ring;
const peers: NodePeer[] = [];
let address = '';
test.beforeAll(async ({ browser }) => {
  ring = await Ring.start(browser);
  for (let count = 0; count < PEERS; count += 1) {
    const node = await composeNodePeer({ server: ring.discovery.url });
    peers.push(node);
    await node.peer.start();
    await expect.poll(() => node.peer.status, { intervals: [20] }).toBe('active');
  }
  const stored = await peers[0]?.peer.store(new File([bytes], NAME));
  address = `/${stored?.link.slice(ring.discovery.url.length + 1)}`;
});
test.afterAll(async () => {
  await Promise.all(peers.map((node) => node.goodbye()));
  await ring.stop();
});

/** What the page's scripts hold, buffers included, each time that it is looked at. */
class Memory {
  readonly #session: CDPSession;
  readonly #held: number[] = [];
  #looking: Promise<void> = Promise.resolve();

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of({ page, context }: Tab): Promise<Memory> {
    return new Memory(await context.newCDPSession(page));
  }

  look(): void {
    this.#looking = this.#looking.then(async () => {
      await this.#session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = await this.#session.send('Runtime.getHeapUsage');
      this.#held.push(usedSize + backingStorageSize);
    });
  }

  async all(): Promise<readonly number[]> {
    await this.#looking;
    return this.#held;
  }
}

/** Parts of files that the browser keeps for later. */
function keptParts({ page }: Tab): Promise<number> {
  return page.evaluate(async (name) => {
    // To open what is not there would make it, and make it wrong.
    if (!(await indexedDB.databases()).some((database) => database.name === name)) return 0;
    return new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const counting = opening.result.transaction('parts').objectStore('parts').count();
        counting.onsuccess = () => {
          opening.result.close();
          resolve(counting.result);
        };
      };
    });
  }, 'tabring:profile:partials');
}

/** Opens the file's link in a tab whose browser lacks what `prepare` takes away, until it is offered. */
async function offered(prepare: () => void): Promise<{ readonly tab: Tab; readonly row: Locator }> {
  const tab = await ring.open(address, async (page) => {
    await page.addInitScript(prepare);
  });
  const row = openedFile(tab);
  await expect(row).toContainText('100 MB');
  await expect(row).toContainText('fetched as it is saved');
  return { tab, row };
}

function save(row: Locator): Promise<void> {
  return row.getByRole('button', { name: 'Save' }).click();
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

async function closed(tab: Tab): Promise<void> {
  await expect.poll(() => keptParts(tab)).toBe(0);
  expect(tab.complaints).toEqual([]);
  ring.tabs.splice(ring.tabs.indexOf(tab), 1);
  await tab.context.close();
}

test('a service worker gives it in bounded memory, also after a reload in its midst', async () => {
  const { tab, row } = await offered(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const begun = tab.page.waitForEvent('download');
  await save(row);
  await begun;
  await expect.poll(() => keptParts(tab), { intervals: [20] }).toBeGreaterThan(5);
  await tab.page.reload();
  await isActive(tab);
  // Beside them it is kept when it began.
  const kept = (await keptParts(tab)) - 1;
  expect(kept).toBeGreaterThanOrEqual(5);

  const { nodeId } = await inspect(tab);
  const memory = await Memory.of(tab);
  memory.look();
  let given = 0;
  for (const { peer } of peers)
    peer.subscribe((event) => {
      if (event.type !== 'sent' || event.nodeId !== nodeId || event.size < SEGMENT_BYTES / 2) return;
      given += 1;
      memory.look();
    });
  const downloading = tab.page.waitForEvent('download');
  await save(row);
  const download = await downloading;
  expect(await digestOf(await download.path())).toBe(digest);
  await expect(row).toContainText('the browser saves it as');
  expect(download.suggestedFilename()).toContain('naïve 日本 (1)');
  console.log(`${kept} of ${SEGMENTS} segments were kept, ${given} came after the reload`);
  expect(given).toBeLessThanOrEqual(SEGMENTS - kept + 4);
  const [before = 0, ...during] = await memory.all();
  const most = Math.max(...during);
  console.log(`the page held ${(before / 1e6).toFixed(0)} MB before, and at most ${(most / 1e6).toFixed(0)} MB`);
  expect(most - before).toBeLessThan(MAX_GROWTH_BYTES);
  await closed(tab);
});

test('the browser writes it where its user says; cancelled, nothing of it stays; paused, nothing more is fetched', async () => {
  // The browser's own dialog cannot be clicked from here; the file is a real one, in the page's own folder.
  const { tab, row } = await offered(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }): Promise<FileSystemFileHandle> =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker });
  });
  const saved = (): Promise<{ readonly size: number; readonly sha256: string }> =>
    tab.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const names: string[] = [];
      for await (const name of root.keys()) names.push(name);
      const file = await (await root.getFileHandle(names[0] ?? '')).getFile();
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
      return { size: file.size, sha256: Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    });
  await save(row);
  await expect.poll(() => keptParts(tab), { intervals: [20] }).toBeGreaterThan(2);
  await row.getByRole('button', { name: 'Cancel' }).click();
  await expect(row).toContainText('Cancelled');
  await expect.poll(() => keptParts(tab)).toBe(0);
  expect((await saved()).size).toBe(0);
  await row.getByRole('button', { name: 'Try again' }).click();
  await expect(row).toContainText('fetched as it is saved');
  await save(row);
  await expect.poll(() => keptParts(tab), { intervals: [20] }).toBeGreaterThan(2);
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row).toContainText('paused at');
  const atPause = await keptParts(tab);
  // What was under way still comes; long enough for many more to come, if they were asked for.
  await tab.page.evaluate(async () => {
    for (let count = 0; count < 100; count += 1) await window.tabring?.lookup(count.toString(16).padStart(32, '7'));
  });
  expect((await keptParts(tab)) - atPause).toBeLessThanOrEqual(IN_FLIGHT);
  await row.getByRole('button', { name: 'Go on' }).click();
  // A hundred megabytes: a crowded machine may take its while.
  await expect(row).toContainText('saved as', { timeout: TEST_MS });
  expect(await saved()).toEqual({ size: SIZE, sha256: digest });
  await closed(tab);
});

test('without either it is gathered in the browser’s storage first', async () => {
  const { tab, row } = await offered(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
    Object.defineProperty(navigator, 'serviceWorker', { value: undefined });
  });
  const downloading = tab.page.waitForEvent('download');
  await save(row);
  expect(await digestOf(await (await downloading).path())).toBe(digest);
  await closed(tab);
});
