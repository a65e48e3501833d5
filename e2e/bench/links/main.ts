// npm run bench:links: our links beside raw data channels and other libraries, in one run and by turns; what a link
// costs; how soon a tab is in the ring. docs/performance.md says how to read it.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { chromiumLaunch } from '../../support/chromium.ts';
import { type BenchOptions, parseOptions, USAGE } from './arguments.ts';
import { BASELINE, OTHERS, OURS } from './contestants.ts';
import { measureJoins } from './joins.ts';
import { measureLinkCost } from './link-cost.ts';
import { BULK_BYTES } from './page/talk.ts';
import { measurePair } from './pair.ts';
import { report } from './report.ts';
import type { Results } from './results.ts';
import { Site } from './site.ts';
import { writeTable } from './table.ts';

const JSON_FILE = fileURLToPath(new URL('../../../build/bench-links.json', import.meta.url));

const options = optionsOrExit(process.argv.slice(2));
const results = await measure(options);
await mkdir(dirname(JSON_FILE), { recursive: true });
await writeFile(JSON_FILE, `${JSON.stringify(results, undefined, 1)}\n`);
const table = report(results);
console.log(`\n${table}\n\nAll figures: ${JSON_FILE}`);
if (options.table !== undefined) await writeTable(options.table, 'bench:links', table);
// PeerJS's server has timers that outlive it.
process.exit();

function optionsOrExit(args: readonly string[]): BenchOptions {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

async function measure(options: BenchOptions): Promise<Results> {
  const site = await Site.start();
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const rounds = await measureRounds(site, browser, options);
    const linkCost = await measureLinkCost(site, browser);
    const { joinSizes, joinRounds } = options;
    const joins = joinRounds === 0 ? [] : await measureJoins(browser, joinSizes, joinRounds, console.log);
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      browser: `${browser.browserType().name()} ${browser.version()}`,
      node: process.versions.node,
      loadBefore,
      loadAfter: loadavg()[0] ?? 0,
    };
    const date = new Date().toISOString().slice(0, 10);
    return { date, machine, megabytes: options.megabytes, rounds, linkCost, joins };
  } finally {
    await browser.close();
    await site.stop();
  }
}

async function measureRounds(site: Site, browser: Browser, options: BenchOptions): Promise<Results['rounds']> {
  const bytes = Math.ceil((options.megabytes * 1e6) / BULK_BYTES) * BULK_BYTES;
  const rounds: Results['rounds'][number][] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contender of contendersOf(round, options)) {
      const measured = await measurePair(site, browser, contender, bytes);
      rounds.push({ contender, round, ...measured });
      const { megabytesPerSecond, cpuSeconds } = measured;
      console.log(
        `round ${round + 1}, ${contender}: ${megabytesPerSecond.toFixed(1)} MB/s, ${cpuSeconds.toFixed(2)} CPU s`,
      );
    }
  }
  return rounds;
}

/** Every second round in the reverse order, so that a machine that slows down harms none more than the others. */
function contendersOf(round: number, { rounds, otherRounds }: BenchOptions): readonly string[] {
  const isForOthers = Math.floor((round * otherRounds) / rounds) !== Math.floor(((round + 1) * otherRounds) / rounds);
  const contenders = [BASELINE, OURS, ...(isForOthers ? OTHERS : [])];
  return round % 2 === 0 ? contenders : contenders.reverse();
}
