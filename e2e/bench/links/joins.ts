// How long it takes from opening the page to being active in the ring, and where the time goes: page, identity and
// registration, first link, routing and confirmation.

import type { Browser, Page } from 'playwright';
import type { PeerEvent } from '../../../client/src/peer/api.ts';
import type { Tabring } from '../../../client/src/web/tabring.ts';
import { inspect, isActive, Ring } from '../../support/ring.ts';

/** Milliseconds since the navigation began. */
export interface JoinTimes {
  /** The page's code runs. */
  readonly loaded: number;
  /** Registered, with an id and a sponsor; the disk is open. */
  readonly registered: number;
  readonly firstLink: number;
  /** The root's answer to the join request is here. */
  readonly welcomed: number;
  readonly active: number;
  /** Links open when it became active. */
  readonly links: number;
}

export interface JoinsOfSize {
  /** Tabs in the ring, the joiner included. */
  readonly tabs: number;
  readonly joins: readonly JoinTimes[];
}

declare global {
  interface Window {
    /** What the joining tab noted. */
    joinMarks?: Record<string, number>;
  }
}

/** For each size, lets `rounds` tabs join one after the other, each of which leaves again. */
export async function measureJoins(
  browser: Browser,
  sizes: readonly number[],
  rounds: number,
  told: (line: string) => void,
): Promise<JoinsOfSize[]> {
  const ring = await Ring.start(browser, { maxPeersPerAddress: 1_000 });
  const results: JoinsOfSize[] = [];
  for (const tabs of sizes) {
    while (ring.tabs.length < tabs - 1) await isActive(await ring.open());
    await ring.settled();
    const joins: JoinTimes[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const times = await measureJoin(ring);
      joins.push(times);
      told(`tab ${tabs}, round ${round}: ${JSON.stringify(times)}`);
    }
    results.push({ tabs, joins });
  }
  await ring.stop();
  return results;
}

async function measureJoin(ring: Ring): Promise<JoinTimes> {
  const tab = await ring.open('/', noteMarks);
  await isActive(tab);
  const marks = (await tab.page.evaluate(() => window.joinMarks)) ?? {};
  const { links } = await inspect(tab);
  const at = (name: string): number => {
    const mark = marks[name];
    if (mark === undefined) throw new Error(`the joining tab noted no ${name}: ${JSON.stringify(marks)}`);
    return Math.round(mark);
  };
  const times = {
    loaded: at('loaded'),
    registered: at('registered'),
    firstLink: at('link'),
    welcomed: at('joined'),
    active: at('active'),
    links: links.filter(({ state }) => state === 'open').length,
  };
  await tab.page.evaluate(() => window.tabring?.leave());
  ring.tabs.splice(ring.tabs.indexOf(tab), 1);
  await tab.context.close();
  await ring.settled();
  return times;
}

/** Notes when something first happens, from within the page: commands from outside come too late. */
async function noteMarks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const marks: Record<string, number> = {};
    window.joinMarks = marks;
    // Methods, since the compiler would give functions of other kinds helpers that the page does not have.
    const notes = {
      note(name: string): void {
        marks[name] ??= performance.now();
      },
      heard(event: PeerEvent): void {
        if (event.type === 'status') notes.note(event.status);
        if (event.type === 'link' && event.state === 'up') notes.note('link');
        if (event.type === 'trace' && event.event.kind === 'joined') notes.note('joined');
      },
    };
    let tabring: Tabring | undefined;
    Object.defineProperty(window, 'tabring', {
      get() {
        return tabring;
      },
      set(value: Tabring) {
        tabring = value;
        notes.note('registered');
        value.subscribe((event) => notes.heard(event));
      },
    });
    new MutationObserver((_, observer) => {
      if (document.querySelector('#app > header') === null) return;
      notes.note('loaded');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
}
