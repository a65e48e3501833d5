// What the tabs of a ring and their browser cost, by the devtools protocol and the system's accounts (Linux).

import { readFileSync } from 'node:fs';
import type { Browser, CDPSession } from 'playwright/test';
import { inspect, type Tab } from '../support/ring.ts';

export interface TabMeasure {
  readonly openLinks: number;
  /** The most at once since the last measure. */
  readonly peakLinks: number;
  /** RTCPeerConnections that the browser has not freed. */
  readonly connectionsNotFreed: number;
  /** Since the page was opened. */
  readonly connectionsCreated: number;
  /** The same: those that came of them. */
  readonly linksOpened: number;
  /** The heap with what hangs on it, bytes; after a forced collection, except in the first tab. */
  readonly heapBytes: number;
}

export interface BrowserMeasure {
  /** Of all processes that draw pages, one for each tab and a spare; 0 where the system does not tell. */
  readonly rendererBytes: number;
  /** Of all processes, since they started. */
  readonly cpuSeconds: number;
}

const PAGE_BYTES = 4_096;

export class TabMeter {
  readonly #browser: CDPSession;
  readonly #sessionByTab = new Map<Tab, CDPSession>();
  readonly #tabs: readonly Tab[];

  private constructor(browser: CDPSession, tabs: readonly Tab[]) {
    this.#browser = browser;
    this.#tabs = tabs;
  }

  static async open(browser: Browser, tabs: readonly Tab[]): Promise<TabMeter> {
    const meter = new TabMeter(await browser.newBrowserCDPSession(), tabs);
    for (const tab of tabs) {
      meter.#sessionByTab.set(tab, await tab.context.newCDPSession(tab.page));
      await tab.page.evaluate(watchLinks);
    }
    return meter;
  }

  /** The first tab's garbage is left to the browser, so that it shows how many connections wait to be freed. */
  async tabs(): Promise<readonly TabMeasure[]> {
    return Promise.all(this.#tabs.map((tab, index) => this.#tab(tab, index > 0)));
  }

  async browser(): Promise<BrowserMeasure> {
    const { processInfo } = await this.#browser.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return {
      rendererBytes: renderers.reduce((sum, { id }) => sum + residentBytes(id), 0),
      cpuSeconds: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    };
  }

  async #tab(tab: Tab, collects: boolean): Promise<TabMeasure> {
    const session = this.#sessionByTab.get(tab);
    if (session === undefined) throw new Error('an unknown tab');
    if (collects) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { links, counters } = await inspect(tab);
    return {
      openLinks: links.filter(({ state }) => state === 'open').length,
      peakLinks: await tab.page.evaluate(takePeak),
      connectionsNotFreed: counters.connectionsNotFreed ?? 0,
      connectionsCreated: counters.connectionsCreated ?? 0,
      linksOpened: (counters.linksByRing ?? 0) + (counters.linksByDiscovery ?? 0),
      heapBytes: usedSize,
    };
  }
}

/** In the page: keeps the most links that were open at once in an attribute of the document. */
function watchLinks(): void {
  const { tabring } = window;
  if (tabring === undefined) throw new Error('not registered');
  const open = new Set(tabring.inspect().links.flatMap(({ nodeId, state }) => (state === 'open' ? [nodeId] : [])));
  const { dataset } = document.documentElement;
  dataset.openLinks = dataset.peakLinks = String(open.size);
  tabring.subscribe((event) => {
    if (event.type !== 'link') return;
    if (event.state === 'up') open.add(event.nodeId);
    else open.delete(event.nodeId);
    dataset.openLinks = String(open.size);
    dataset.peakLinks = String(Math.max(open.size, Number(dataset.peakLinks)));
  });
}

/** In the page. */
function takePeak(): number {
  const { dataset } = document.documentElement;
  const peak = Number(dataset.peakLinks);
  dataset.peakLinks = dataset.openLinks ?? '0';
  return peak;
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0; // gone in the meantime, or not Linux
  }
}
