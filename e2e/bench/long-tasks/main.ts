// Long tasks of the page's main thread while 100 MB come and go: npm run bench:long-tasks. A tab of a ring of tabs is given a file by
// its page and stores it; newcomers open its link and save it, one as Chromium writes files itself, one by the service worker.
// docs/performance.md says how to read it.

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { expect } from 'playwright/test';
import { chromiumLaunch } from '../../support/chromium.ts';
import { linkOnCard, openedFile } from '../../support/page.ts';
import { isActive, Ring, type Tab } from '../../support/ring.ts';
import { MEASURED, OTHERS, setPriorities } from '../links/priorities.ts';
import { longTasksDuring, observeLongTasks } from './observed.ts';
import { CATEGORIES, explainLongTasks, MARK } from './trace.ts';

/** What takes longer has hung, milliseconds. */
const TIMEOUT_MS = 300_000;
/** Of the longest tasks. */
const TOLD = 10;

/** How a newcomer's browser saves: what to make of its page, and what the page says in the end. */
const WAYS = [
  [
    'browser itself',
    // Its own dialog cannot be clicked from here; the file is a real one, in the page's own folder.
    `showSaveFilePicker = async ({ suggestedName }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })`,
    'saved as',
  ],
  ['service worker', 'delete window.showSaveFilePicker', 'the browser saves it as'],
] as const;

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '100' },
    tabs: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    /** A folder for Chromium's traces, and what they say of each long task; slower, so no figures. */
    trace: { type: 'string' },
  },
});
const megabytes = Number(values.mb);
const folder = await mkdtemp(join(tmpdir(), 'tabring-bench-'));
const path = join(folder, 'bench.bin');
await writeFile(path, randomBytes(megabytes * 1e6));
try {
  for (let round = 1; round <= Number(values.rounds); round += 1) await measureRound(round);
} finally {
  await rm(folder, { recursive: true });
}

/** Each measured tab is in a browser of its own, which comes before all others: elsewhere those have cores of their own. */
async function measureRound(round: number): Promise<void> {
  const others = await chromium.launch(chromiumLaunch());
  const ring = await Ring.start(others, { maxPeersPerAddress: 1_000 });
  const browsers = [others];
  const browser = async (): Promise<Browser> => {
    for (const before of browsers) await setPriorities(before, OTHERS);
    const own = await chromium.launch(chromiumLaunch());
    browsers.push(own);
    return own;
  };
  try {
    for (let at = 1; at < Number(values.tabs); at += 1) await isActive(await ring.open());
    const storer = await ring.open('/', observeLongTasks, await browser());
    await ring.settled();
    const card = storer.page.locator('#own-files > li');
    await measured(`round ${round}, store`, storer, async () => {
      await storer.page.locator('#file-input').setInputFiles(path);
      await expect(card).toContainText('3 of 3 copies', { timeout: TIMEOUT_MS });
    });
    const link = await linkOnCard(card);
    for (const [way, prepare, saved] of WAYS) {
      const prepared = async (page: Page): Promise<void> => {
        await observeLongTasks(page);
        await page.addInitScript({ content: prepare });
      };
      const newcomer = await ring.open(link, prepared, await browser());
      const row = openedFile(newcomer);
      await expect(row).toContainText('fetched as it is saved', { timeout: TIMEOUT_MS });
      await measured(`round ${round}, save by the ${way}`, newcomer, async () => {
        await row.getByRole('button', { name: 'Save' }).click();
        await expect(row).toContainText(saved, { timeout: TIMEOUT_MS });
      });
    }
    console.log(`Chromium ${others.version()}, load average ${loadavg()[0]?.toFixed(1)}`);
  } finally {
    await ring.stop();
    for (const each of browsers) await each.close();
  }
}

/** Does `work` and prints what it was like on this page. */
async function measured(what: string, tab: Tab, work: () => Promise<void>): Promise<void> {
  const { page } = tab;
  const browser = tab.context.browser();
  const trace = values.trace === undefined ? undefined : join(values.trace, `${what.replaceAll(/\W+/g, '-')}.json`);
  if (trace !== undefined) {
    await mkdir(dirname(trace), { recursive: true });
    await browser?.startTracing(undefined, { path: trace, categories: CATEGORIES });
    await page.evaluate((name) => performance.mark(name), MARK);
  }
  // Chromium gives a page's process the usual one.
  if (browser !== null) await setPriorities(browser, MEASURED);
  const begun = performance.now();
  const seen = await longTasksDuring(page, work);
  const seconds = (performance.now() - begun) / 1_000;
  const longest = seen.map(({ milliseconds }) => milliseconds).sort((a, b) => b - a);
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${seen.length} long tasks; the longest, ms: ${longest.slice(0, TOLD)}`,
  );
  if (trace === undefined) return;
  await browser?.stopTracing();
  const text = await explainLongTasks(trace);
  await writeFile(trace.replace(/json$/, 'txt'), text);
  console.log(text);
}
