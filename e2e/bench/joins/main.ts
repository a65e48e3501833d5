// How soon a tab is in the ring: `npm run bench:joins [-- --rounds 5 --tabs 30 --build old=FOLDER --build new=FOLDER]`. From the moment
// that its address is entered until it is active, for the second tab, the tenth and the thirtieth, each opened when the one before
// is active. A build is a folder of this project with its own `dist/`; several are measured in turn, each round a ring of its own.

import { loadavg } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright';
import { chromiumLaunch } from '../../support/chromium.ts';

declare global {
  interface Window {
    /** Test only: when the tab became active, milliseconds since its address was entered. */
    activeAt?: number;
  }
}

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const TIMEOUT_MS = 120_000;
/** Of the tabs of a ring, these are told: the second of two comes to a ring of one. */
const TOLD = [2, 10, 30];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tabs: { type: 'string', default: '30' },
    build: { type: 'string', multiple: true, default: [`ours=${TOP}`] },
  },
});
const builds = values.build.map((text) => {
  const [name = '', folder = ''] = text.split('=');
  return { name, folder, timesByTab: new Map<number, number[]>() };
});
const [before] = loadavg();
for (let round = 0; round < Number(values.rounds); round += 1) {
  // Who comes first takes turns.
  for (const build of round % 2 === 0 ? builds : builds.toReversed()) {
    const times = await joinTimes(build.folder, Number(values.tabs));
    for (const [index, ms] of times.entries())
      build.timesByTab.set(index + 1, [...(build.timesByTab.get(index + 1) ?? []), ms]);
    console.log(`round ${round + 1}, ${build.name}: ${times.map((ms) => Math.round(ms)).join(' ')}`);
  }
}
console.log(`\nload average before it ${before?.toFixed(1)}; seconds, medians of ${values.rounds} (least to most)\n`);
console.log(`| tab | ${builds.map(({ name }) => name).join(' | ')} |\n| ---: |${builds.map(() => ' ---: |').join('')}`);
for (const tab of TOLD.filter((number) => number <= Number(values.tabs)))
  console.log(`| ${tab} | ${builds.map(({ timesByTab }) => spread(timesByTab.get(tab) ?? [])).join(' | ')} |`);

/** Opens so many tabs, one after the other. */
async function joinTimes(folder: string, tabs: number): Promise<readonly number[]> {
  const { startDiscoveryNode } = await import(pathToFileURL(`${folder}/signaling/server.ts`).href);
  const discovery = await startDiscoveryNode({
    ...{ host: '127.0.0.1', staticDir: `${folder}/dist`, maxPeersPerAddress: 1_000 },
  });
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const times: number[] = [];
    for (let opened = 0; opened < tabs; opened += 1) times.push(await joinTime(browser, discovery.url));
    return times;
  } finally {
    await browser.close();
    await discovery.close();
  }
}

/** In a profile of its own, as on a device of its own. */
async function joinTime(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const look = setInterval(() => {
      if (window.tabring?.status !== 'active') return;
      window.activeAt = performance.now();
      clearInterval(look);
    }, 5);
  });
  await page.goto(url);
  const active = await page.waitForFunction(() => window.activeAt, undefined, { timeout: TIMEOUT_MS });
  return (await active.jsonValue()) ?? Number.NaN;
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const seconds = (ms = Number.NaN): string => (ms / 1000).toFixed(2);
  return `${seconds(sorted[Math.floor(sorted.length / 2)])} (${seconds(sorted[0])}-${seconds(sorted.at(-1))})`;
}
