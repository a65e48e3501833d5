// How soon the list of 1,000 own files can be used: npm run bench:own-files. A tab of a small ring stores them, and its browser opens the
// page again, and again: until the list is drawn, until a press is answered while all of their copies are being counted, and how long
// the place takes to be drawn anew. docs/performance.md says how to read it.

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { chromiumLaunch } from '../../support/chromium.ts';
import { isActive, Ring, type Tab } from '../../support/ring.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
  },
});
const FILES = Number(values.files);
/** Stores at once. */
const PARALLEL = 8;
/** What takes longer has hung, milliseconds. */
const TIMEOUT_MS = 600_000;

interface Opened {
  /** The tab is registered, and reads its list of files. */
  readonly registered: number;
  /** Its cards are on the screen. */
  readonly drawn: number;
}

declare global {
  interface Window {
    /** Of the benchmark; milliseconds since the page was asked for. */
    opened?: Promise<Opened>;
  }
}

const LISTED = `document.querySelectorAll('#own-files > li').length >= Math.min(30, ${FILES})`;
const ASKED = `document.querySelector('#own-files [role="alertdialog"]')`;
const WHEN_DRAWN = `
  let tabring;
  let registered = 0;
  Object.defineProperty(window, 'tabring', {
    get: () => tabring,
    set: (value) => {
      tabring = value;
      registered = performance.now();
    },
  });
  window.opened = new Promise((resolve) => {
    const drawn = () => resolve({ registered, drawn: performance.now() });
    const look = () => (${LISTED} ? requestAnimationFrame(() => setTimeout(drawn)) : requestAnimationFrame(look));
    look();
  });`;

const browser = await chromium.launch(chromiumLaunch());
const ring = await Ring.start(browser, { maxPeersPerAddress: 1_000 });
try {
  await ring.grow(2);
  const tab = await ring.open();
  await isActive(tab);
  tab.page.setDefaultTimeout(TIMEOUT_MS);
  await store(tab);
  console.log(`${FILES} files are stored`);
  const figures: Record<string, number>[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) figures.push(await openAgain(tab));
  const names = Object.keys(figures[0] ?? {});
  for (const name of names) {
    const sorted = figures.map((figure) => figure[name] ?? 0).sort((a, b) => a - b);
    const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) => sorted[at]);
    console.log(`${name}: ${median} ms (${least}-${most})`);
  }
  console.log(`Chromium ${browser.version()}, load average ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await ring.stop();
  await browser.close();
}

async function store({ page }: Tab): Promise<void> {
  await page.evaluate(
    async ({ files, parallel }) => {
      let next = 0;
      await Promise.all(
        Array.from({ length: parallel }, async () => {
          for (let number = next++; number < files; number = next++) {
            const content = crypto.getRandomValues(new Uint8Array(2_000));
            await window.tabring?.store(new File([content], `picture ${number}.jpg`, { type: 'image/jpeg' }));
          }
        }),
      );
    },
    { files: FILES, parallel: PARALLEL },
  );
}

/** The same browser opens the page anew, whose tab is the same node again. */
async function openAgain(stored: Tab): Promise<Record<string, number>> {
  for (const page of stored.context.pages()) await page.close();
  const page = await stored.context.newPage();
  const tab = { ...stored, page };
  await page.addInitScript({ content: WHEN_DRAWN });
  await page.goto(ring.discovery.url);
  const opened = await page.evaluate(() => window.opened);
  if (opened === undefined) throw new Error('not opened');
  const firstPress = await pressed(page, `document.querySelector('#own-files .actions button:last-child')`, ASKED);
  await isActive(tab);
  await pressed(page, `document.querySelector('#own-files [role="alertdialog"] button:last-child')`, `!${ASKED}`);
  const later = await pressed(page, `document.querySelector('#own-files .actions button:last-child')`, ASKED);
  await pressed(page, `document.querySelector('.place-link.to-ring')`, `document.querySelector('main.place-ring svg')`);
  const again = await pressed(page, `document.querySelector('.place-link.to-share')`, LISTED);
  const more = await pressed(
    page,
    `document.querySelector('.own > .quiet.wide')`,
    `document.querySelectorAll('#own-files > li')[59]`,
  );
  return {
    'from registered to listed': Math.round(opened.drawn - opened.registered),
    'from asked for to listed': Math.round(opened.drawn),
    'first press answered': firstPress,
    'press answered while copies are counted': later,
    'from the Ring place to the list': again,
    'thirty more': more,
  };
}

/** A press, and the first frame that shows what comes of it; milliseconds. All as text: tsx would put into functions what no page has. */
async function pressed(page: Page, what: string, outcome: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const from = performance.now();
    (${what}).click();
    const look = () => (${outcome}) ? requestAnimationFrame(() => setTimeout(() => resolve(Math.round(performance.now() - from)))) : requestAnimationFrame(look);
    look();
  })`);
}
