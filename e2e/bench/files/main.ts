// npm run bench:files: a file stored in a ring of tabs and retrieved by a newcomer, beside a raw data channel and WebTorrent
// that carry the same, in one run and by turns. docs/performance.md says how to read it.

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { chromiumLaunch } from '../../support/chromium.ts';
import { BASELINE } from '../links/contestants.ts';
import { BULK_BYTES } from '../links/page/talk.ts';
import { measurePair } from '../links/pair.ts';
import { Site } from '../links/site.ts';
import { writeTable } from '../links/table.ts';
import { type BenchOptions, parseOptions, USAGE } from './arguments.ts';
import { ratiosOf, report } from './report.ts';
import type { OtherRound, Results, Round } from './results.ts';
import { measureRing, type RingRound, type SharedFile, sha256Of } from './ring-round.ts';

const JSON_FILE = fileURLToPath(new URL('../../../build/bench-files.json', import.meta.url));
const WRITE_BYTES = 4 * 1024 * 1024;

const options = optionsOrExit(process.argv.slice(2));
const results = await measure(options);
await mkdir(dirname(JSON_FILE), { recursive: true });
await writeFile(JSON_FILE, `${JSON.stringify(results, undefined, 1)}\n`);
const table = report(results);
console.log(`\n${table}\n\n${JSON.stringify(results.ratios)}\n\nAll figures: ${JSON_FILE}`);
if (options.table !== undefined) await writeTable(options.table, 'bench:files', table);
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
  const folder = await mkdtemp(join(tmpdir(), 'tabring-bench-'));
  const site = await Site.start();
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const file = await createFile(join(folder, 'bench.bin'), options.megabytes * 1e6);
    const rounds: Round[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      rounds.push(await measureRound(site, browser, options, file, round));
      console.log(`round ${round + 1}: ${JSON.stringify(rounds.at(-1))}`);
    }
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      browser: `${browser.browserType().name()} ${browser.version()}`,
      node: process.versions.node,
      loadBefore,
      loadAfter: loadavg()[0] ?? 0,
    };
    const date = new Date().toISOString().slice(0, 10);
    const builds = options.builds.map(({ name }) => name);
    const ratios = builds.map((build) => ratiosOf(rounds, build));
    return { date, machine, megabytes: options.megabytes, tabs: options.tabs, builds, rounds, ratios };
  } finally {
    await browser.close();
    await site.stop();
    await rm(folder, { recursive: true });
  }
}

/** Every second round in the reverse order, so that a machine that slows down harms none more than the others. */
async function measureRound(
  site: Site,
  browser: Browser,
  { builds, tabs, profiles, withWebTorrent }: BenchOptions,
  file: SharedFile,
  round: number,
): Promise<Round> {
  const ours: Record<string, RingRound> = {};
  let raw: OtherRound | undefined;
  let webTorrent: OtherRound | undefined;
  const works = [
    async () => {
      raw = await measureOther(site, browser, BASELINE, file.bytes);
    },
    ...builds.map((build) => async () => {
      ours[build.name] = await measureRing(browser, build, file, tabs, profiles);
    }),
    async () => {
      if (withWebTorrent) webTorrent = await measureOther(site, browser, 'WebTorrent', file.bytes);
    },
  ];
  for (const work of round % 2 === 0 ? works : works.reverse()) await work();
  if (raw === undefined) throw new Error('a round without what all is compared with');
  return { raw, webTorrent, ours };
}

async function measureOther(site: Site, browser: Browser, contender: string, bytes: number): Promise<OtherRound> {
  const whole = Math.ceil(bytes / BULK_BYTES) * BULK_BYTES;
  const { megabytesPerSecond, cpuSeconds } = await measurePair(site, browser, contender, whole, false);
  return { milliseconds: bytes / 1000 / megabytesPerSecond, cpuSeconds: (cpuSeconds * bytes) / 1e8 };
}

async function createFile(path: string, bytes: number): Promise<SharedFile> {
  const file = await open(path, 'w');
  for (let written = 0; written < bytes; written += WRITE_BYTES)
    await file.write(randomBytes(Math.min(WRITE_BYTES, bytes - written)));
  await file.close();
  return { path, bytes, sha256: await sha256Of(path) };
}
