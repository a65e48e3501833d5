// What a browser's processes cost, by its own account: CPU time, and on Linux memory. Unlike wall time, CPU time hardly
// depends on what else the machine does.

import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright';

export interface ProcessCost {
  readonly pid: number;
  readonly type: string;
  readonly cpuSeconds: number;
}

export async function processes(browser: Browser): Promise<ProcessCost[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.map(({ id, type, cpuTime }) => ({ pid: id, type, cpuSeconds: cpuTime }));
}

/** CPU seconds of all the browser's processes that were there both times. */
export function cpuBetween(before: readonly ProcessCost[], after: readonly ProcessCost[]): number {
  const earlier = new Map(before.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
  return after.reduce((sum, { pid, cpuSeconds }) => sum + cpuSeconds - (earlier.get(pid) ?? cpuSeconds), 0);
}

/** Memory that belongs to the pages' processes alone, bytes; undefined where there is no /proc. */
export async function pagesBytes(browser: Browser): Promise<number | undefined> {
  const pages = (await processes(browser)).filter(({ type }) => type === 'renderer');
  const texts = await Promise.all(pages.map(({ pid }) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
  const kilobytes = texts.flatMap((text) => /^RssAnon:\s+(\d+) kB/m.exec(text)?.[1] ?? []).map(Number);
  return kilobytes.length === 0 ? undefined : kilobytes.reduce((sum, size) => sum + size, 0) * 1024;
}
