// One round of one build of our page: a fresh ring of tabs, one of which stores a file, and a newcomer that retrieves it.

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import type { Tabring } from '../../../client/src/web/tabring.ts';
import { inspect, Ring, type Tab } from '../../support/ring.ts';
import { cpuBetween, processes } from '../links/cpu.ts';
import type { Build } from './arguments.ts';
import { profiled } from './profile.ts';

/** A round that takes longer has hung, milliseconds. */
const TIMEOUT_MS = 300_000;

export interface Motion {
  readonly milliseconds: number;
  /** Of all the browser's processes. */
  readonly cpuSeconds: number;
}

export interface Storing extends Motion {
  /** Until the last block had all its copies, from the same start. */
  readonly allCopiesMs: number;
  /** What all tabs sent until the acknowledgement, and until all copies were there, in lengths of the file. */
  readonly transfers: number;
  readonly allTransfers: number;
}

export interface Retrieving extends Motion {
  /** What the newcomer received meanwhile, in lengths of the file: more than 1 are blocks that it is to hold itself. */
  readonly received: number;
}

export interface RingRound {
  readonly store: Storing;
  readonly retrieve: Retrieving;
}

export interface SharedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

declare global {
  interface Window {
    /** What the newcomer does as soon as it is active. */
    retrieving?: Promise<{ readonly blob: Blob; readonly heldBytes: number; readonly milliseconds: number }>;
  }
}

/** `profiles`: a folder for what the tabs did with their time. */
export async function measureRing(
  browser: Browser,
  { name, folder }: Build,
  file: SharedFile,
  tabs: number,
  profiles: string | undefined,
): Promise<RingRound> {
  const ring = await Ring.start(browser, { staticDir: folder, maxPeersPerAddress: 1_000 });
  const watched = <T>(what: string, watchedTabs: Readonly<Record<string, Tab>>, work: () => Promise<T>): Promise<T> =>
    profiles === undefined ? work() : profiled(browser, watchedTabs, join(profiles, `${name}-${what}`), work);
  try {
    // Evenly apart, so that all rounds share the blocks out alike.
    for (let at = 0; at < tabs; at += 1) await ring.open(`/?id=${idAt(at / tabs)}`);
    await ring.settled();
    const [storer, holder] = ring.tabs;
    if (storer === undefined || holder === undefined) throw new Error('a ring without tabs');
    const { link, ...store } = await watched('store', { storer, holder }, () =>
      measureStore(browser, ring.tabs, storer, file),
    );
    const newcomer = await ring.open(`/?id=${idAt(0.5 / tabs)}`, (page) => retrieveWhenActive(page, link));
    const retrieve = await watched('retrieve', { newcomer, holder }, () => measureRetrieve(browser, newcomer, file));
    return { store, retrieve };
  } finally {
    await ring.stop();
  }
}

/** The start of the id that stands this share of the way round the ring. */
function idAt(share: number): string {
  return Math.floor(share * 2 ** 16)
    .toString(16)
    .padStart(4, '0');
}

async function measureStore(
  browser: Browser,
  tabs: readonly Tab[],
  storer: Tab,
  file: SharedFile,
): Promise<Storing & { readonly link: string }> {
  const { page } = storer;
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.evaluate(() =>
    document.body.append(Object.assign(document.createElement('input'), { id: 'bench', type: 'file' })),
  );
  await page.locator('#bench').setInputFiles(file.path);
  const sentBefore = await sentBytes(tabs);
  const cpuBefore = await processes(browser);
  const { link, milliseconds, startedAt } = await page.evaluate(async () => {
    const given = document.querySelector<HTMLInputElement>('#bench')?.files?.[0];
    if (given === undefined || window.tabring === undefined) throw new Error('no file to store');
    const startedAt = performance.now();
    const { link } = await window.tabring.store(given, { isPublic: false });
    return { link, startedAt, milliseconds: performance.now() - startedAt };
  });
  const sent = (await sentBytes(tabs)) - sentBefore;
  const cpuSeconds = cpuBetween(cpuBefore, await processes(browser));
  const allCopiesMs = await page.evaluate(
    async ({ link, startedAt }) => {
      for (;;) {
        const status = await window.tabring?.fileStatus(link);
        if (status !== undefined && status.copies >= status.wanted) return performance.now() - startedAt;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    { link, startedAt },
  );
  const allSent = (await sentBytes(tabs)) - sentBefore;
  const transfers = sent / file.bytes;
  return { link, milliseconds, cpuSeconds, allCopiesMs, transfers, allTransfers: allSent / file.bytes };
}

/** From within the page: a command from outside comes when it already holds blocks. */
async function retrieveWhenActive(page: Page, link: string): Promise<void> {
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.addInitScript((link) => {
    let tabring: Tabring | undefined;
    Object.defineProperty(window, 'tabring', {
      get() {
        return tabring;
      },
      set(value: Tabring) {
        tabring = value;
        window.retrieving = new Promise<void>((resolve) => {
          value.subscribe((event) => event.type === 'status' && event.status === 'active' && resolve());
        }).then(async () => {
          const heldBytes = value.inspect().held.bytes;
          const startedAt = performance.now();
          const blob = await (await value.retrieve(link)).blob();
          return { blob, heldBytes, milliseconds: performance.now() - startedAt };
        });
      },
    });
  }, link);
}

async function measureRetrieve(browser: Browser, tab: Tab, file: SharedFile): Promise<Retrieving> {
  const cpuBefore = await processes(browser);
  const begun = await tab.page.evaluateHandle(() => {
    if (window.retrieving === undefined) throw new Error('not registered');
    return window.retrieving;
  });
  const cpuSeconds = cpuBetween(cpuBefore, await processes(browser));
  const { milliseconds, heldBytes } = await begun.evaluate(({ milliseconds, heldBytes }) => ({
    milliseconds,
    heldBytes,
  }));
  const { links } = await inspect(tab);
  const received = links.reduce((sum, { bytesReceived = 0 }) => sum + bytesReceived, 0) / file.bytes;
  if (heldBytes > 0) throw new Error(`the newcomer held ${heldBytes} bytes before it retrieved`);
  const sha256 = await begun.evaluate(async ({ blob }) => {
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  if (sha256 !== file.sha256) throw new Error('what was retrieved is not what was stored');
  return { milliseconds, cpuSeconds, received };
}

async function sentBytes(tabs: readonly Tab[]): Promise<number> {
  const inspections = await Promise.all(tabs.map((tab) => inspect(tab)));
  return inspections.flatMap(({ links }) => links).reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0);
}

export async function sha256Of(path: string): Promise<string> {
  const hash: Hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}
