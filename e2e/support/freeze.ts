// Stops a tab as a sleeping laptop or a phone's browser does: its renderer process gets SIGSTOP. Chromium's own frozen state
// is no help: a tab with an open channel runs on in it.

import type { Browser } from 'playwright/test';
import type { Tab } from './ring.ts';

/** Long enough that the process which works for this tab stands out among idle ones. */
const BURN_MS = 1_000;
/** A tab that runs answers much sooner, on a busy machine too. */
const ANSWER_MS = 1_000;

export interface Frozen {
  /** Lets it run on. */
  thaw(): void;
}

/** The page says so while it stands still in a task of the tests'. */
const BUSY = 'busy with nothing';

/** Stops the tab's process until `thaw`. */
export async function freeze(browser: Browser, tab: Tab): Promise<Frozen> {
  const pid = await rendererOf(browser, tab);
  // In the midst of a task of the tests': one of the peer's would be ended when it wakes, as of before.
  const isBusy = tab.page.waitForEvent('console', (message) => message.text() === BUSY);
  // Answered when it wakes, if the page is still there.
  burn(tab, BUSY).catch(() => undefined);
  await isBusy;
  process.kill(pid, 'SIGSTOP');
  const thaw = (): void => {
    process.kill(pid, 'SIGCONT');
  };
  if (!(await answers(tab))) return { thaw };
  thaw();
  throw new Error(`process ${pid} is another tab's`);
}

/** True if the tab's page runs. A question that finds it frozen is answered when it wakes. */
async function answers(tab: Tab): Promise<boolean> {
  const answer = tab.page.evaluate(() => true);
  const silence = new Promise<false>((resolve) => setTimeout(() => resolve(false), ANSWER_MS));
  return Promise.race([answer, silence]);
}

/** Takes the page's thread for BURN_MS, and logs `word` first. */
async function burn(tab: Tab, word: string): Promise<void> {
  await tab.page.evaluate(
    ({ ms, word }) => {
      console.debug(word);
      const end = performance.now() + ms;
      while (performance.now() < end);
    },
    { ms: BURN_MS, word },
  );
}

/** The process that burns the most CPU time while the tab is told to burn some. */
async function rendererOf(browser: Browser, tab: Tab): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const rendererTimes = async (): Promise<Map<number, number>> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await rendererTimes();
  await burn(tab, '');
  let busiest: { readonly pid: number; readonly seconds: number } | undefined;
  for (const [pid, seconds] of await rendererTimes()) {
    // One that was not there before has burnt its time by starting.
    const burnt = seconds - (before.get(pid) ?? seconds);
    if (burnt > (busiest?.seconds ?? 0)) busiest = { pid, seconds: burnt };
  }
  await session.detach();
  if (busiest === undefined) throw new Error('no renderer process worked for the tab');
  return busiest.pid;
}
