// The bounds of a run at scale, and whether what was measured keeps to them.

import type { Churn } from './churn.ts';
import type { LookupTally } from './lookups.ts';
import type { ScaleOptions } from './options.ts';
import type { Report } from './report.ts';
import { cpuSecondsOf, openingsOf, peakLinksOf, type Sample } from './sample.ts';
import { type Point, trend } from './trend.ts';

/** Real tables may cost this share of hops more than perfect ones. */
const HOPS_ABOVE_PERFECT = 0.05;
/** Half of a tab's 500 connections, as Chromium counts them until they are freed, must stay free. */
const MAX_NOT_FREED = 250;
/** Connections made a minute: the second half of the churn against the first. */
const CREATION_GROWTH = 1.25;
/** For each link that opens: where there is too little time for all, most of the work must not be for nothing. */
const CONNECTIONS_PER_LINK = 3;
/** While nodes come and go. */
const LOOKUPS_RIGHT_IN_CHURN = 0.99;
/** The start of the churn is left out of trends: heaps and pools first take what they need. */
const WARM_UP_SHARE = 1 / 3;
/** Megabytes a minute: below what a day could add to a tab that has some gigabytes, and above the measure's noise in half an hour. */
const TAB_HEAP_SLOPE_MB = 0.1;
const RENDERERS_SLOPE_MB = 1;
const PROCESS_HEAP_SLOPE_MB = 0.5;
const PROCESS_RSS_SLOPE_MB = 2;
/** Each peer has a UDP port and a connection to the Discovery node. */
const SOCKETS_OF_A_PEER = 2;
/** Of open files beyond those, and of threads, a minute. */
const NATIVE_SLOPE = 1;

const MB = 1e6;

export function concludeLookups(report: Report, when: string, tally: LookupTally, wanted: number): void {
  const times = `${tally.right} of ${tally.asked}, median ${tally.quantileMs(0.5).toFixed(0)} ms, p99 ${tally.quantileMs(0.99).toFixed(0)} ms`;
  report.check(`lookups right ${when}`, times, `all of ${wanted}`, tally.right === wanted);
}

export function concludeHops(report: Report, when: string, tally: LookupTally, perfect: number): void {
  const ratio = tally.meanHops / perfect;
  const measured = `${tally.meanHops.toFixed(3)} (most ${tally.maxHops}), ${((ratio - 1) * 100).toFixed(1)} % above perfect tables' ${perfect.toFixed(3)}`;
  report.check(`mean hops ${when}`, measured, 'at most 5 % above', ratio <= 1 + HOPS_ABOVE_PERFECT);
}

/** `since`: a sample some seconds before. */
export function concludeCost(report: Report, when: string, since: Sample, now: Sample, options: ScaleOptions): void {
  const seconds = (now.at - since.at) * 60;
  const ends = now.processes.reduce((sum, { openLinks }) => sum + openLinks, 0);
  const rss = now.processes.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / MB;
  report.tell(
    `Node processes ${when}`,
    `${rss.toFixed(0)} MB in all, ${(rss / options.peers).toFixed(1)} MB a peer, ${ends} ends of links`,
  );
  const heaps = now.tabs.map(({ heapBytes }) => (heapBytes / MB).toFixed(1)).join(', ');
  report.tell(
    `tabs ${when}`,
    `heaps of ${heaps} MB, renderers of ${(now.browser.rendererBytes / MB).toFixed(0)} MB in all`,
  );
  report.tell(`CPU ${when}`, `${((cpuSecondsOf(now) - cpuSecondsOf(since)) / seconds).toFixed(2)} cores in all`);
}

export function concludeCap(report: Report, when: string, sample: Sample, cap: number): void {
  const peak = peakLinksOf(sample);
  report.check(`most links of a node ${when}`, String(peak), `at most ${cap}`, peak <= cap);
}

/** `since`: a sample from before all of it. */
export function concludeOpenings(report: Report, when: string, since: Sample, now: Sample): void {
  const [before, after] = [openingsOf(since), openingsOf(now)];
  const connections = after.connections - before.connections;
  const links = after.links - before.links;
  report.check(
    `connections made for each link that opened ${when}`,
    `${(connections / links).toFixed(2)}: ${connections} for ${links}, each counted at both ends`,
    `at most ${CONNECTIONS_PER_LINK}`,
    connections <= CONNECTIONS_PER_LINK * links,
  );
}

export function concludeChurn(report: Report, churn: Churn, options: ScaleOptions): void {
  const { samples, lookups, left, faults, joinMs, worstExcess } = churn;
  const sorted = joinMs.toSorted((a, b) => a - b);
  const joinedIn = (share: number): string =>
    `${((sorted[Math.floor(share * sorted.length)] ?? Number.NaN) / 1000).toFixed(1)} s`;
  report.tell(
    'churn',
    `${joinMs.length} joined (median ${joinedIn(0.5)}, 95 % within ${joinedIn(0.95)}), ${left} left, in ${options.minutes} min`,
  );
  report.check(
    'joins and partings that failed',
    `${faults.length}${faults[0] === undefined ? '' : `, such as ${faults[0]}`}`,
    'none',
    faults.length === 0,
  );
  report.check(
    'lookups right in the churn',
    `${lookups.right} of ${lookups.asked}${lookups.faults[0] === undefined ? '' : `, wrong such as ${lookups.faults[0]}`}`,
    'at least 99 %',
    lookups.right >= LOOKUPS_RIGHT_IN_CHURN * lookups.asked,
  );
  const peak = Math.max(...samples.map(peakLinksOf));
  const excess = worstExcess > 0 ? `${worstExcess} above` : 'never above';
  report.check(
    'most links of a node in the churn',
    `${peak}, ${excess} cap + joins in flight`,
    `at most ${options.cap} + joins in flight`,
    worstExcess <= 0,
  );
  concludeConnections(report, samples);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first !== undefined && last !== undefined) concludeOpenings(report, 'in the churn', first, last);
  concludeMemory(report, samples);
}

function concludeConnections(report: Report, samples: readonly Sample[]): void {
  const notFreed = Math.max(
    ...samples.flatMap(({ tabs }) => tabs.map(({ connectionsNotFreed }) => connectionsNotFreed)),
  );
  report.check(
    'connections of a tab not freed, most',
    String(notFreed),
    `at most ${MAX_NOT_FREED} of 500`,
    notFreed <= MAX_NOT_FREED,
  );
  const middle = Math.floor(samples.length / 2);
  const [first, second] = [createdPerMinute(samples.slice(0, middle + 1)), createdPerMinute(samples.slice(middle))];
  report.check(
    'connections created a minute and tab',
    `${first.toFixed(1)} in the first half, ${second.toFixed(1)} in the second`,
    `no growth beyond ${CREATION_GROWTH}`,
    second <= first * CREATION_GROWTH,
  );
}

function concludeMemory(report: Report, samples: readonly Sample[]): void {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const check = (what: string, unit: string, bound: number, read: (sample: Sample) => number | undefined): void => {
    const points: Point[] = [];
    for (const sample of warm) points.push({ at: sample.at, value: read(sample) ?? Number.NaN });
    const { mean, slope, error } = trend(points);
    const measured = `${slope.toFixed(3)} ± ${error.toFixed(3)} ${unit}/min, mean ${mean.toFixed(1)} ${unit}`;
    report.check(`growth of ${what}`, measured, `at most ${bound} ${unit}/min`, slope <= bound);
  };
  const [sample] = warm;
  sample?.tabs.forEach((_, index) => {
    // The first tab's garbage lies about until its browser collects it.
    if (index > 0)
      check(
        `tab ${index + 1}'s heap, collected`,
        'MB',
        TAB_HEAP_SLOPE_MB,
        ({ tabs }) => (tabs[index]?.heapBytes ?? 0) / MB,
      );
  });
  check('all renderers', 'MB', RENDERERS_SLOPE_MB, ({ browser }) => browser.rendererBytes / MB);
  sample?.processes.forEach((_, index) => {
    const name = `process ${index + 1}`;
    check(
      `${name}'s heap, collected`,
      'MB',
      PROCESS_HEAP_SLOPE_MB,
      ({ processes }) => (processes[index]?.heapBytes ?? 0) / MB,
    );
    check(`${name}'s memory`, 'MB', PROCESS_RSS_SLOPE_MB, ({ processes }) => (processes[index]?.rssBytes ?? 0) / MB);
    check(
      `${name}'s files beyond its peers'`,
      'files',
      NATIVE_SLOPE,
      ({ processes }) => (processes[index]?.files ?? 0) - SOCKETS_OF_A_PEER * (processes[index]?.peers ?? 0),
    );
    check(`${name}'s threads`, 'threads', NATIVE_SLOPE, ({ processes }) => processes[index]?.threads);
  });
}

/** The mean of the tabs. */
function createdPerMinute(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return Number.NaN;
  const created = ({ tabs }: Sample): number =>
    tabs.reduce((sum, { connectionsCreated }) => sum + connectionsCreated, 0);
  return (created(last) - created(first)) / (last.at - first.at) / first.tabs.length;
}
