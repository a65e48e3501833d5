// `npm run test:scale -- --peers 200 --minutes 30`: tabs and Node peers as one ring, then half an hour in which at each
// second a peer leaves and one joins. Prints what it measured against its bounds and writes it as JSON; docs/scale.md
// tells what was found. Exit codes: options.ts.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { wrongLeafSets } from '../../client/src/node/leaf-sets.ts';
import { Churn } from './churn.ts';
import {
  concludeCap,
  concludeChurn,
  concludeCost,
  concludeHops,
  concludeLookups,
  concludeOpenings,
} from './conclusions.ts';
import { Fleet } from './fleet.ts';
import { lookUpMany } from './lookups.ts';
import { readOptions, type ScaleOptions } from './options.ts';
import { overload } from './overload.ts';
import { perfectHops } from './perfect-tables.ts';
import { Report } from './report.ts';
import { cpuSecondsOf, peakLinksOf, type Sample, takeSample } from './sample.ts';
import { TabMeter } from './tabs.ts';

const DEFAULT_OUT = fileURLToPath(new URL('../../test-results/scale.json', import.meta.url));
const INSPECTIONS = fileURLToPath(new URL('../../test-results/scale-inspections.json', import.meta.url));
/** For the ring to become exact when nothing more happens. */
const SETTLE_SECONDS = 120;
const CHECK_MS = 1_000;
/** How long the ring is left alone, to see what it costs idle. */
const IDLE_SECONDS = 20;
const MB = 1e6;

const startedAt = performance.now();
const options = readOptions(process.argv.slice(2), DEFAULT_OUT);
process.exit(options === undefined ? 2 : await run(options));

async function run(options: ScaleOptions): Promise<number> {
  await mkdir(dirname(INSPECTIONS), { recursive: true });
  await mkdir(dirname(options.out), { recursive: true });
  const report = new Report();
  let samples: readonly Sample[] = [];
  const fleet = await Fleet.form(options);
  try {
    const { length: nodes } = fleet.ids();
    say(`${nodes} nodes active`);
    report.tell(
      'ring',
      `${options.tabs} tabs, ${options.peers} Node peers in ${options.processes} processes, active after ${seconds()}`,
    );
    await settle(fleet, report, 'at first');
    const meter = await TabMeter.open(fleet.browser, fleet.ring.tabs);
    await measureStill(fleet, meter, report, options, 'at first');
    if (options.minutes > 0) {
      const churn = new Churn(fleet, meter, options, (sample, before) => say(sampleText(sample, before)));
      samples = churn.samples;
      await churn.run();
      concludeChurn(report, churn, options);
      await settle(fleet, report, 'after the churn');
      await measureStill(fleet, meter, report, options, 'after the churn');
    }
    if (options.still > 0) {
      for (const process of fleet.processes) process.standStill();
      await delay(options.still * 1000);
      for (const process of fleet.processes) process.goOn();
      await settle(fleet, report, `after standing still for ${options.still} s`);
      await measureStill(fleet, meter, report, options, 'after standing still');
    }
    if (options.busy > 0) {
      const before = await takeSample(fleet, meter, startedAt);
      const { changes, failed, endedAt } = await overload(fleet, options.busy, options.every);
      report.tell('too little CPU', `for ${options.busy} s; of ${changes} joins and partings ${failed} failed`);
      await settle(fleet, report, 'after too little CPU', endedAt);
      const after = await takeSample(fleet, meter, startedAt);
      concludeOpenings(report, 'in too little CPU and until then', before, after);
      say(countersText(before, after));
      await measureStill(fleet, meter, report, options, 'after too little CPU');
    }
    const complaints = fleet.ring.tabs.flatMap(({ complaints }) => complaints);
    report.check('errors on the pages', complaints[0] ?? '0', 'none', complaints.length === 0);
  } catch (error) {
    report.check(
      'the run itself',
      error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error),
      'no failure',
      false,
    );
  } finally {
    const machine = {
      cpu: cpus()[0]?.model,
      cores: availableParallelism(),
      memoryGB: Math.round(totalmem() / 1e9),
      node: process.version,
    };
    await writeFile(options.out, report.json(options, machine, samples));
    console.log(report.table());
    await fleet.stop();
  }
  say(`${report.holds ? 'all bounds hold' : 'a bound is broken'}; the figures are in ${options.out}`);
  return report.holds ? 0 : 1;
}

/** Waits until every leaf set is exact. `since`: when nothing was in its way any more, milliseconds of performance.now(). */
async function settle(fleet: Fleet, report: Report, when: string, since = performance.now()): Promise<void> {
  const beganAt = performance.now();
  const secondsSince = (instant: number): number => (performance.now() - instant) / 1000;
  let wrong = wrongLeafSets(await fleet.inspections());
  while (wrong.length > 0 && secondsSince(beganAt) < SETTLE_SECONDS) {
    await delay(CHECK_MS);
    wrong = wrongLeafSets(await fleet.inspections());
  }
  say(`${wrong.length} leaf sets wrong ${when}`);
  // What every node knows, for whoever has to find out why.
  if (wrong.length > 0) await writeFile(INSPECTIONS, JSON.stringify(await fleet.inspections()));
  const measured = wrong.length === 0 ? `0, after ${secondsSince(since).toFixed(1)} s` : String(wrong.length);
  report.check(`leaf sets wrong ${when}`, measured, 'none', wrong.length === 0);
}

/** A ring in which nobody comes or goes: its lookups, its links and what it costs. */
async function measureStill(
  fleet: Fleet,
  meter: TabMeter,
  report: Report,
  options: ScaleOptions,
  when: string,
): Promise<void> {
  const first = await takeSample(fleet, meter, startedAt);
  await delay(IDLE_SECONDS * 1000);
  const idle = await takeSample(fleet, meter, startedAt);
  concludeCost(report, `idle, ${when}`, first, idle, options);
  const tally = await lookUpMany(fleet, options.lookups);
  concludeLookups(report, when, tally, options.lookups);
  concludeHops(report, when, tally, perfectHops(fleet.ids(), options.leafSet));
  concludeCap(report, when, await takeSample(fleet, meter, startedAt), options.cap);
  say(`looked ${tally.asked} keys up ${when}`);
}

function sampleText(sample: Sample, before: Sample | undefined): string {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const { processes, tabs, browser } = sample;
  const cores = before === undefined ? 0 : (cpuSecondsOf(sample) - cpuSecondsOf(before)) / (sample.at - before.at) / 60;
  const list = (values: readonly number[], digits = 0): string =>
    values.map((value) => value.toFixed(digits)).join(' ');
  return [
    `${sample.at.toFixed(1)} min: ${sum(processes.map(({ peers }) => peers))} peers, most links ${peakLinksOf(sample)}`,
    `processes ${list(processes.map(({ rssBytes }) => rssBytes / MB))} MB, heaps ${list(processes.map(({ heapBytes }) => heapBytes / MB))}`,
    `files ${list(processes.map(({ files }) => files))}, threads ${list(processes.map(({ threads }) => threads))}`,
    `tabs ${list(
      tabs.map(({ heapBytes }) => heapBytes / MB),
      1,
    )} MB, renderers ${list([browser.rendererBytes / MB])} MB`,
    `not freed ${list(tabs.map(({ connectionsNotFreed }) => connectionsNotFreed))}, created ${list(tabs.map(({ connectionsCreated }) => connectionsCreated))}`,
    `${cores.toFixed(2)} cores`,
  ].join('; ');
}

/** What the peers of all processes counted between two samples. */
function countersText(before: Sample, after: Sample): string {
  const sums = new Map<string, number>();
  const add = ({ processes }: Sample, sign: 1 | -1): void => {
    for (const { everCounters } of processes)
      for (const [name, count] of Object.entries(everCounters)) sums.set(name, (sums.get(name) ?? 0) + sign * count);
  };
  add(before, -1);
  add(after, 1);
  const counted = [...sums].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return `counted: ${counted.map(([name, count]) => `${name} ${count}`).join(', ')}`;
}

function seconds(): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
}

function say(text: string): void {
  console.error(`${seconds()}: ${text}`);
}
