// A ring of real tabs: each in a browser context of its own (its own storage, as on a machine of its own), opened, asked,
// killed and reloaded from here, over a Discovery node in this process.

import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from 'playwright/test';
import { closestId, type Id } from '../../client/src/core/pastry/id.ts';
import type { PeerInspection } from '../../client/src/peer/api.ts';
import type {} from '../../client/src/web/tabring.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../../signaling/server.ts';
import { PLAIN_CONTEXT } from './firefox.ts';

const STATIC_DIR = fileURLToPath(new URL('../../dist', import.meta.url));
/**
 * How long a ring may take to be right again on a crowded machine: a silent death is noticed after some ten seconds, and what the
 * repair then missed comes with the exchanges of a minute later.
 */
const SETTLE_MS = 150_000;
/** A join takes a second or two, on a busy machine some more; one redial of a dead sponsor another 15. */
const ACTIVE_MS = 60_000;
/** Lines of a tab's event log in a failure's report. */
const REPORTED_LINES = 40;

export interface Tab {
  readonly ring: Pick<Ring, 'explained'>;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page logged as errors and warnings. */
  readonly complaints: string[];
}

export class Ring {
  readonly #browser: Browser;
  readonly #options: DiscoveryOptions;
  readonly tabs: Tab[] = [];
  discovery: DiscoveryNode;

  private constructor(browser: Browser, options: DiscoveryOptions, discovery: DiscoveryNode) {
    this.#browser = browser;
    this.#options = options;
    this.discovery = discovery;
  }

  static async start(browser: Browser, options: DiscoveryOptions = {}): Promise<Ring> {
    const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR, ...options });
    return new Ring(browser, options, discovery);
  }

  /**
   * Opens a tab, in the ring's browser or another; it is registered when this resolves, and perhaps still joining.
   * `prepare` sees its page before it loads; `options` are its browser's.
   */
  async open(
    address = '/',
    prepare?: (page: Page) => Promise<void>,
    browser = this.#browser,
    options: BrowserContextOptions = {},
  ): Promise<Tab> {
    const tab = await newTab(browser, this, options);
    this.tabs.push(tab);
    await prepare?.(tab.page);
    await register(tab, new URL(address, this.discovery.url).href);
    return tab;
  }

  /** Opens tabs one after the other, each once the one before it is active. */
  async grow(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += 1) await isActive(await this.open());
    await this.settled();
  }

  /** Ends a tab without a word: its renderer crashes. */
  async kill(tab: Tab): Promise<void> {
    this.#forget(tab);
    const session = await tab.context.newCDPSession(tab.page);
    const crashed = tab.page.waitForEvent('crash');
    // The answer never comes, because who should give it is dead.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    await tab.context.close();
  }

  /** Leaves a tab that cannot answer out of all questions, until the returned function is called. */
  leaveOut(tab: Tab): () => void {
    this.#forget(tab);
    return () => this.tabs.push(tab);
  }

  /** Stops the Discovery node; the tabs are left to themselves. */
  async stopDiscovery(): Promise<void> {
    await this.discovery.close();
  }

  /** Starts the Discovery node again, with its options and key and at its old address. */
  async restartDiscovery(): Promise<void> {
    this.discovery = await startDiscoveryNode({
      host: '127.0.0.1',
      staticDir: STATIC_DIR,
      ...this.#options,
      port: this.discovery.port,
      ring: this.discovery.ring,
    });
  }

  async inspections(): Promise<PeerInspection[]> {
    return Promise.all(this.tabs.map((tab) => inspect(tab)));
  }

  /** Waits until every tab is active and every leaf set is the one that follows from all the ids. */
  async settled(): Promise<void> {
    const settled = expect
      .poll(async () => differences(await this.inspections()), { timeout: SETTLE_MS, intervals: [100, 250, 500] })
      .toEqual([]);
    await this.explained(settled);
  }

  /** Waits for `work`; if it fails, with what every tab knows and logged. */
  async explained(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw await explainedBy(this.tabs, error);
    }
  }

  async ids(): Promise<Id[]> {
    return (await this.inspections()).map(({ nodeId }) => nodeId);
  }

  async stop(): Promise<void> {
    await Promise.all(this.tabs.map((tab) => tab.context.close()));
    await this.discovery.close();
  }

  #forget(tab: Tab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }
}

/** A tab that has not loaded its page yet. */
export async function newTab(browser: Browser, ring: Tab['ring'], options: BrowserContextOptions = {}): Promise<Tab> {
  const plain = browser.browserType().name() === 'firefox' ? PLAIN_CONTEXT : {};
  const context = await browser.newContext({ acceptDownloads: true, ...plain, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { ring, page, context, complaints };
}

/** Loads the page of a Discovery node, and waits until the tab is registered there. */
export async function register(tab: Tab, url: string): Promise<void> {
  await tab.page.goto(url);
  await tab.page.waitForFunction(() => window.tabring !== undefined);
}

/** An error, with what every tab knows and logged. */
export async function explainedBy(tabs: readonly Tab[], error: unknown): Promise<Error> {
  const reports = await Promise.all(tabs.map((tab) => report(tab)));
  return new Error(`${error instanceof Error ? error.message : error}\n\n${reports.join('\n\n')}`, { cause: error });
}

export async function inspect(tab: Tab): Promise<PeerInspection> {
  return tab.page.evaluate(() => {
    if (window.tabring === undefined) throw new Error('not registered');
    return window.tabring.inspect();
  });
}

export async function isActive(tab: Tab): Promise<void> {
  const options = { polling: 50, timeout: ACTIVE_MS };
  const active = tab.page.waitForFunction(() => window.tabring?.status === 'active', undefined, options);
  await tab.ring.explained(active);
}

/** The tab whose id is numerically closest to `key`, by looking at all of them. */
export function rootOf(key: Id, ids: readonly Id[]): Id {
  const root = closestId(key, ids);
  if (root === undefined) throw new Error('an empty ring has no root');
  return root;
}

/** A tab as it is, for people: a closed or crashed one too. */
async function report(tab: Tab): Promise<string> {
  const read = tab.page.evaluate(async (lines) => {
    location.hash = '#/console';
    for (let looks = 0; looks < 20 && document.querySelector('#event-log') === null; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const log = [...document.querySelectorAll('#event-log li')].slice(0, lines).map((line) => line.textContent);
    return `${JSON.stringify(window.tabring?.inspect())}\n  ${log.join('\n  ')}`;
  }, REPORTED_LINES);
  const text = await read.catch((error: unknown) => `cannot be read: ${error}`);
  return [`tab ${tab.page.url()}: ${text}`, ...tab.complaints].join('\n  complained: ');
}

/** What is wrong with the tabs' leaf sets, one line for each tab; nothing if all are exact. */
function differences(inspections: readonly PeerInspection[]): string[] {
  const ring = inspections.map(({ nodeId }) => nodeId).sort();
  const wrong: string[] = [];
  for (const { nodeId, status, leafSet, params } of inspections) {
    const at = ring.indexOf(nodeId);
    const half = Math.min(params.leafSetSize / 2, ring.length - 1);
    const walk = (step: 1 | -1): (string | undefined)[] =>
      Array.from({ length: half }, (_, index) => ring.at((at + step * (index + 1)) % ring.length));
    const isExact = String(leafSet.cw) === String(walk(1)) && String(leafSet.ccw) === String(walk(-1));
    if (!isExact || status !== 'active') wrong.push(`${nodeId} is ${status}, cw ${leafSet.cw}, ccw ${leafSet.ccw}`);
  }
  return wrong;
}
