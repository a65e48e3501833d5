// What one of our links costs a tab that does nothing with it: memory and CPU, from a tab with many links to another.

import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { OURS } from './contestants.ts';
import { cpuBetween, pagesBytes, processes } from './cpu.ts';
import type { Site } from './site.ts';

const LINKS = 50;
/** Idle links are watched for so long, milliseconds: ICE's own checks are what they cost. */
const WATCH_MS = 10_000;
/** Before that, for what follows the opening of pages and links. */
const SETTLE_MS = 3_000;

export interface LinkCost {
  readonly links: number;
  /** For each end of a link, in the memory of its tab's process; undefined where there is no /proc. */
  readonly kilobytes: number | undefined;
  /** Of these on the JavaScript heap. */
  readonly heapKilobytes: number;
  /** Milliseconds of one core a second and link, over both ends and the browser's network process. */
  readonly cpuMsPerSecond: number;
}

/** One tab that holds one end of every link, and one that holds the others. */
export async function measureLinkCost(site: Site, browser: Browser): Promise<LinkCost> {
  const page = await site.open(browser, OURS);
  const others = await site.open(browser, OURS);
  const names = await others.evaluate((links) => window.bench?.more(links), LINKS);
  const idleCpu = await cpuWhileIdle(browser);
  const [heapBefore, bytesBefore] = [await heapBytes([page, others]), await pagesBytes(browser)];
  for (const name of names ?? []) await page.evaluate((name) => window.bench?.connect(name), name);
  const linkedCpu = await cpuWhileIdle(browser);
  const [heapAfter, bytesAfter] = [await heapBytes([page, others]), await pagesBytes(browser)];
  for (const each of [page, others]) await each.context().close();
  const perEnd = (before: number, after: number): number => (after - before) / (2 * LINKS) / 1024;
  return {
    links: LINKS,
    kilobytes: bytesBefore === undefined || bytesAfter === undefined ? undefined : perEnd(bytesBefore, bytesAfter),
    heapKilobytes: perEnd(heapBefore, heapAfter),
    cpuMsPerSecond: ((linkedCpu - idleCpu) * 1000) / (WATCH_MS / 1000) / LINKS,
  };
}

async function cpuWhileIdle(browser: Browser): Promise<number> {
  await pause(SETTLE_MS);
  const before = await processes(browser);
  await pause(WATCH_MS);
  return cpuBetween(before, await processes(browser));
}

/** After a garbage collection. */
async function heapBytes(pages: readonly Page[]): Promise<number> {
  let bytes = 0;
  for (const page of pages) {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    bytes += (await session.send('Runtime.getHeapUsage')).usedSize;
    await session.detach();
  }
  return bytes;
}
