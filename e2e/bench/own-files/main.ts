// How soon the list of 1,000 own files can be used: npm run bench:own-files. A tab stores one, its list
// is made that of 1,000, and its browser opens the page again, and again: until the list is drawn, until a press is answered, and how
// long the place takes to be drawn anew. docs/performance.md says how to read it.

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { chromiumLaunch } from '../../support/chromium.ts';
import { isActive, Ring, type Tab } from '../../support/ring.ts';
import { MEASURED, setPriorities } from '../links/priorities.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
  },
});
const FILES = Number(values.files);
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

/** As client/src/peer/own-files.ts keeps them. */
const MANY = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name.endsWith(':settings')) continue;
    const database = await done(indexedDB.open(name));
    const store = database.transaction('settings', 'readwrite').objectStore('settings');
    const [file] = (await done(store.get('own-files'))) ?? [];
    if (file === undefined) continue;
    const idOf = (number) => number.toString(16).padStart(8, '0').repeat(8);
    const more = Array.from({ length: ${FILES} - 1 }, (_, number) =>
      ({ ...file, name: 'picture ' + number + '.jpg', fileId: idOf(number), storedAt: file.storedAt + number }));
    await done(store.put([file, ...more], 'own-files'));
    database.close();
  }
})()`;

const browser = await chromium.launch(chromiumLaunch());
const ring = await Ring.start(browser, { maxPeersPerAddress: 1_000 });
try {
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

/** To store a thousand takes minutes on a busy machine. Of the others no node has a copy, which the tab has yet to find out. */
async function store({ page }: Tab): Promise<void> {
  await page.evaluate(() => window.tabring?.store(new File(['a picture'], 'picture.jpg', { type: 'image/jpeg' })));
  // Of the same origin, and without the page that has the list in memory.
  await page.goto(new URL('icon.svg', ring.discovery.url).href);
  await page.evaluate(MANY);
}
/** The same browser opens the page anew, whose tab is the same node again. */
async function openAgain(stored: Tab): Promise<Record<string, number>> {
  for (const page of stored.context.pages()) await page.close();
  const page = await stored.context.newPage();
  const tab = { ...stored, page };
  await page.addInitScript({ content: WHEN_DRAWN });
  // So that its process is there.
  await page.goto(new URL('icon.svg', ring.discovery.url).href);
  await setPriorities(browser, MEASURED);
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
    'press answered once in the ring': later,
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
