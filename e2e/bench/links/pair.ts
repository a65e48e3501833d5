// One round of one contender: two fresh tabs, a link between them, pings while it is idle, bulk, and pings under bulk.

import type { Browser, Page } from 'playwright';
import { cpuBetween, processes } from './cpu.ts';
import type { BenchPage } from './page/main.ts';
import type { Site } from './site.ts';

/** Sent first, so that the timed bulk meets warm code and an open congestion window. */
const WARM_UP_BYTES = 4 * 1024 * 1024;
const IDLE_PINGS = 100;
/** A round that takes longer has hung, milliseconds. */
const ROUND_TIMEOUT_MS = 120_000;

export interface Round {
  readonly setUpMs: number;
  /** 10^6 bytes a second, until the far end had all of it. */
  readonly megabytesPerSecond: number;
  /** From asking for a link, or from seeding, until the far end had all of it. */
  readonly wholeMs: number;
  /** Of all the browser's processes, for 100 MB. */
  readonly cpuSeconds: number;
  readonly idlePingsMs: readonly number[];
  readonly bulkPingsMs: readonly number[];
}

/** `withPings`: beside bulk once more, which takes as long again. */
export async function measurePair(
  site: Site,
  browser: Browser,
  contender: string,
  bytes: number,
  withPings = true,
): Promise<Round> {
  const pages = [await site.open(browser, contender), await site.open(browser, contender)] as const;
  for (const page of pages) page.setDefaultTimeout(ROUND_TIMEOUT_MS);
  try {
    const round =
      contender === 'WebTorrent'
        ? measureWebTorrent(browser, ...pages, bytes)
        : measureLink(browser, ...pages, bytes, withPings);
    return await within(ROUND_TIMEOUT_MS, round, contender);
  } finally {
    for (const page of pages) await page.context().close();
  }
}

async function measureLink(browser: Browser, from: Page, to: Page, bytes: number, withPings: boolean): Promise<Round> {
  const name = await inPage(to, async (bench) => bench.name, undefined);
  const setUpMs = await inPage(from, (bench, name) => bench.connect(name), name);
  await inPage(from, (bench, bytes) => bench.bulk(bytes), WARM_UP_BYTES);
  const idlePingsMs = withPings ? await inPage(from, (bench, count) => bench.pings(count), IDLE_PINGS) : [];
  const before = await processes(browser);
  const bulkMs = await inPage(from, (bench, bytes) => bench.bulk(bytes), bytes);
  const cpuSeconds = cpuFor100MB(cpuBetween(before, await processes(browser)), bytes);
  const bulkPingsMs = withPings ? await inPage(from, (bench, bytes) => bench.pingsUnderBulk(bytes), bytes) : [];
  const wholeMs = setUpMs + bulkMs;
  return { setUpMs, megabytesPerSecond: rate(bytes, bulkMs), wholeMs, cpuSeconds, idlePingsMs, bulkPingsMs };
}

async function measureWebTorrent(browser: Browser, from: Page, to: Page, bytes: number): Promise<Round> {
  const { torrentFile, seedMs } = await inPage(from, (bench, bytes) => bench.seed(bytes), bytes);
  const before = await processes(browser);
  const { setUpMs, bulkMs } = await inPage(to, (bench, args) => bench.fetchAll(...args), [torrentFile, bytes] as const);
  const cpuSeconds = cpuFor100MB(cpuBetween(before, await processes(browser)), bytes);
  const wholeMs = seedMs + setUpMs + bulkMs;
  return { setUpMs, megabytesPerSecond: rate(bytes, bulkMs), wholeMs, cpuSeconds, idlePingsMs: [], bulkPingsMs: [] };
}

function cpuFor100MB(seconds: number, bytes: number): number {
  return (seconds * 1e8) / bytes;
}

/** Does something with the bench of a page, in the page. */
async function inPage<T, Argument>(
  page: Page,
  work: (bench: BenchPage, argument: Argument) => Promise<T>,
  argument: Argument,
): Promise<T> {
  const there = await page.evaluateHandle(() => {
    if (window.bench === undefined) throw new Error('not ready');
    return window.bench;
  });
  // The page gets the source of `work`: it may use nothing from outside itself.
  const source = work.toString();
  return page.evaluate(({ there, source, argument }) => new Function(`return ${source}`)()(there, argument), {
    there,
    source,
    argument,
  });
}

function rate(bytes: number, milliseconds: number): number {
  return bytes / 1e6 / (milliseconds / 1000);
}

async function within<T>(milliseconds: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no end after ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
