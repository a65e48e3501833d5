// The long tasks of a page's main thread: what takes it longer than 50 ms, in which nothing can be drawn and no press is answered.

import type { Page } from 'playwright';

export interface LongTask {
  /** Since the page was asked for, milliseconds. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

declare global {
  interface Window {
    /** Of the benchmark. */
    longTasks?: PerformanceEntry[];
    longTaskObserver?: PerformanceObserver;
  }
}

/** To be called before the page is loaded, so that none is missed. */
export async function observeLongTasks(page: Page): Promise<void> {
  // Without a function that has a name: tsx would wrap it in what no page has.
  await page.addInitScript(() => {
    window.longTasks = [];
    window.longTaskObserver = new PerformanceObserver((list) => window.longTasks?.push(...list.getEntries()));
    window.longTaskObserver.observe({ type: 'longtask', buffered: true });
  });
}

/** Those that began while `work` was done. Throws if the browser does not tell of a task that is made to be long. */
export async function longTasksDuring(page: Page, work: () => Promise<void>): Promise<readonly LongTask[]> {
  if ((await between(page, () => page.evaluate(takeLong))).length === 0) throw new Error('long tasks are not seen');
  return between(page, work);
}

async function between(page: Page, work: () => Promise<void>): Promise<readonly LongTask[]> {
  const from = await page.evaluate(() => performance.now());
  await work();
  return page.evaluate(async (from) => {
    // An entry is there only after the task that it tells of.
    await new Promise((resolve) => setTimeout(resolve));
    const all = [...(window.longTasks ?? []), ...(window.longTaskObserver?.takeRecords() ?? [])];
    window.longTasks = all;
    return all
      .filter(({ startTime }) => startTime >= from)
      .map(({ startTime, duration }) => ({ startedAt: startTime, milliseconds: duration }));
  }, from);
}

/** In the page, as a task of its own. */
function takeLong(): Promise<void> {
  return new Promise((resolve) =>
    setTimeout(() => {
      for (const from = performance.now(); performance.now() - from < 100; );
      resolve();
    }),
  );
}
