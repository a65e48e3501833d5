// The results as tables of Markdown: medians, ratios within the run, and how the machine was.

import { BASELINE, CONTENDERS, OURS } from './contestants.ts';
import type { JoinsOfSize, JoinTimes } from './joins.ts';
import type { LinkCost } from './link-cost.ts';
import type { Round } from './pair.ts';
import type { Results } from './results.ts';
import { median, percentile } from './statistics.ts';

/** The tab that finds ten in the ring. */
const TARGET_JOIN_TABS = 11;

export function report(results: Results): string {
  const { machine, date, megabytes } = results;
  return [
    `Measured ${date} with ${machine.browser} and Node ${machine.node} on ${machine.cores} cores (${machine.cpu}); load average`,
    `before it ${machine.loadBefore.toFixed(1)}, so ${loadMeaning(machine.loadBefore, machine.cores)}. ${megabytes} MB a round.`,
    '',
    ...bulkTable(results),
    '',
    ...pingTable(results),
    '',
    ...targets(results),
    '',
    costText(results.linkCost),
    ...(results.joins.length === 0 ? [] : ['', ...joinTable(results.joins)]),
  ].join('\n');
}

function loadMeaning(load: number, cores: number): string {
  return load > cores
    ? 'the machine had other work, or had it a minute before: read the ratios'
    : 'the machine was its own';
}

function bulkTable({ rounds }: Results): string[] {
  const ofContender = (name: string) => rounds.filter(({ contender }) => contender === name);
  const rows = CONTENDERS.filter((name) => ofContender(name).length > 0).map((name) => {
    const own = ofContender(name);
    const rate = own.map(({ megabytesPerSecond }) => megabytesPerSecond);
    const cpu = median(own.map(({ cpuSeconds }) => cpuSeconds));
    const baseCpu = median(ofContender(BASELINE).map(({ cpuSeconds }) => cpuSeconds));
    return row(
      name,
      own.length,
      `${median(rate).toFixed(1)} (${percentile(rate, 0).toFixed(1)}-${percentile(rate, 1).toFixed(1)})`,
      ratio(rounds, name, BASELINE).toFixed(2),
      cpu.toFixed(2),
      (baseCpu / cpu).toFixed(2),
      Math.round(median(own.map(({ setUpMs }) => setUpMs))),
      Math.round(median(own.map(({ wholeMs }) => wholeMs))),
    );
  });
  const head = [
    'contender',
    'rounds',
    'MB/s',
    `of ${BASELINE}`,
    'CPU s / 100 MB',
    `of ${BASELINE}`,
    'set-up ms',
    'whole ms',
  ];
  return [...header(head), ...rows];
}

/** The median over the rounds that both took part in of their ratio: neighbours in time share the machine's mood. */
function ratio(
  rounds: Results['rounds'],
  contender: string,
  to: string,
  speed: (round: Round) => number = ({ megabytesPerSecond }) => megabytesPerSecond,
): number {
  const ratios: number[] = [];
  for (const own of rounds.filter((one) => one.contender === contender)) {
    const other = rounds.find((one) => one.contender === to && one.round === own.round);
    if (other !== undefined) ratios.push(speed(own) / speed(other));
  }
  return median(ratios);
}

function pingTable({ rounds }: Results): string[] {
  const rows = CONTENDERS.flatMap((name) => {
    const own = rounds.filter(({ contender }) => contender === name);
    const idle = own.flatMap(({ idlePingsMs }) => idlePingsMs);
    const bulk = own.flatMap(({ bulkPingsMs }) => bulkPingsMs);
    if (bulk.length === 0) return [];
    const shown = (values: readonly number[]) => [0.5, 0.99].map((share) => percentile(values, share).toFixed(1));
    return [row(name, ...shown(idle), ...shown(bulk), bulk.length)];
  });
  const head = ['ping, ms', 'idle p50', 'idle p99', 'under bulk p50', 'under bulk p99', 'pings under bulk'];
  return [...header(head), ...rows];
}

/** Whether our link is what it should be, one line for each demand. */
function targets({ rounds, joins }: Results): string[] {
  const bulk = rounds.filter(({ contender }) => contender === OURS).flatMap(({ bulkPingsMs }) => bulkPingsMs);
  const joinsOf10 = joins.find(({ tabs }) => tabs === TARGET_JOIN_TABS)?.joins.map(({ active }) => active) ?? [];
  const line = (what: string, value: number, isMet: boolean): string[] =>
    Number.isNaN(value) ? [] : [`* ${what}: ${value.toFixed(2)}, ${isMet ? 'met' : 'missed'}`];
  const above = (to: string, least: number): string[] => {
    const value = ratio(rounds, OURS, to);
    return line(`our link at least ${least} times ${to}`, value, value >= least);
  };
  const wholeRatio = ratio(rounds, OURS, 'WebTorrent', ({ wholeMs }) => 1 / wholeMs);
  const p99 = percentile(bulk, 0.99);
  const join = median(joinsOf10);
  return [
    ...above(BASELINE, 0.9),
    ...above('PeerJS default', 1),
    ...line('our link at least 2.5 times WebTorrent, from seed to done', wholeRatio, wholeRatio >= 2.5),
    ...line('99th percentile of pings under bulk at most 50 ms', p99, p99 <= 50),
    ...line(`tab ${TARGET_JOIN_TABS} active in at most 1,000 ms, median`, join, join <= 1_000),
  ];
}

function costText({ links, kilobytes, heapKilobytes, cpuMsPerSecond }: LinkCost): string {
  const memory = kilobytes === undefined ? '' : `${kilobytes.toFixed(0)} KB of the tab's memory, of which `;
  return (
    `An idle link of ours costs each end ${memory}${heapKilobytes.toFixed(0)} KB on the JavaScript heap, and both ends ` +
    `and the network process ${cpuMsPerSecond.toFixed(2)} ms of CPU a second (${links} links).`
  );
}

function joinTable(joins: readonly JoinsOfSize[]): string[] {
  const rows = joins.map(({ tabs, joins }) => {
    const middle = (name: keyof JoinTimes) => Math.round(median(joins.map((times) => times[name])));
    const active = joins.map((times) => times.active);
    return row(
      tabs,
      joins.length,
      ...(['loaded', 'registered', 'firstLink', 'welcomed'] as const).map(middle),
      `${middle('active')} (${percentile(active, 0)}-${percentile(active, 1)})`,
      middle('links'),
    );
  });
  const head = ['tab', 'joins', 'page shown', 'registered', 'first link', 'welcomed', 'active, ms', 'links'];
  return [...header(head), ...rows];
}

function header(cells: readonly string[]): string[] {
  return [row(...cells), row(...cells.map((_, index) => (index === 0 ? '---' : '---:')))];
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
