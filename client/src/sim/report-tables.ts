// The tables of docs/figures.md: what was measured beside what the papers say. What was not measured says so.

import {
  COMPARED_SIZES,
  hopsName,
  NEIGHBORHOOD_SIZES,
  RING_SIZES,
  SMALL_LEAF_SETS,
  SMALL_RING_SIZES,
  smallRingNames,
} from './report-experiments.ts';
import {
  CHURN_ROWS,
  NOT_SIMULATED,
  PAST_ROWS,
  PASTRY_BY_NODES,
  PASTRY_DISTRIBUTION,
  PASTRY_FAILURES,
  PASTRY_JOIN_BY_NODES,
  PERFECT_BY_NODES,
} from './report-papers.ts';
import type { Figures } from './report-results.ts';

const NOT_RUN = 'not run';
/** The bound on a join's messages: this many, times log16 of the nodes (3 x 2^b). */
const JOIN_FACTOR = 48;

export function hopsTable(results: Figures): string {
  const rows = RING_SIZES.map((nodes) => {
    const name = hopsName(nodes);
    const paper = PASTRY_BY_NODES.get(nodes);
    return [
      whole(nodes),
      fixed(results.number(name, 'meanHops'), 3),
      paper === undefined ? '' : fixed(paper.hops, 3),
      fixed(log16(nodes), 3),
      fixed(results.number(name, 'maxHops'), 0),
      fixed(results.number(name, 'stretch'), 3),
      paper === undefined ? '' : fixed(paper.stretch, 3),
      fixed(results.number(name, 'tableEntriesMean'), 1),
      percent(results.number(name, 'rareCaseShare')),
      sumOf(results, name, ['misdelivered', 'lost']),
      fixed(results.number(name, 'seconds'), 0),
    ];
  });
  const head = ['N', 'mean hops', 'paper', 'log16 N', 'most hops', 'stretch', 'paper', 'table entries'];
  return table([...head, 'rare case', 'misdelivered or lost', 'seconds'], rows);
}

export function neighborhoodTable(results: Figures): string {
  const head = ['N', ...NEIGHBORHOOD_SIZES.map((size) => `\\|M\\| = ${size}: hops / stretch`), 'paper'];
  const rows = COMPARED_SIZES.map((nodes) => {
    const paper = PASTRY_BY_NODES.get(nodes);
    const cells = NEIGHBORHOOD_SIZES.map((size) => {
      const name = hopsName(nodes, size);
      const mean = results.number(name, 'meanHops');
      return mean === undefined ? NOT_RUN : `${fixed(mean, 3)} / ${fixed(results.number(name, 'stretch'), 3)}`;
    });
    return [whole(nodes), ...cells, paper === undefined ? '' : `${fixed(paper.hops, 3)} / ${fixed(paper.stretch, 3)}`];
  });
  return table(head, rows);
}

export function distributionTable(results: Figures, nodes: number): string {
  const histogram = results.numbers(hopsName(nodes), 'hopHistogram') ?? [];
  const sum = histogram.reduce((total, count) => total + count, 0);
  const length = Math.max(histogram.length, PASTRY_DISTRIBUTION.length);
  const hops = Array.from({ length }, (_, index) => index);
  return table(
    ['hops', ...hops.map(String)],
    [
      [`ours, ${whole(nodes)} nodes`, ...hops.map((each) => fixed((histogram[each] ?? 0) / sum, 4))],
      ['paper, 100,000 nodes', ...hops.map((each) => fixed(PASTRY_DISTRIBUTION[each] ?? 0, 4))],
    ],
  );
}

export function joinTable(results: Figures): string {
  const rows = [100, 1_000, 10_000, 100_000].map((nodes) => {
    const name = hopsName(nodes);
    const paper = PASTRY_JOIN_BY_NODES.get(nodes);
    return [
      whole(nodes),
      fixed(results.number(name, 'joinMessagesMean'), 1),
      fixed(results.number(name, 'joinProbesMean'), 1),
      fixed(JOIN_FACTOR * log16(nodes), 0),
      paper === undefined ? '' : `about ${paper}`,
    ];
  });
  return table(['N', 'messages', 'probes of the leaf set, beside', `${JOIN_FACTOR} log16 N`, 'paper'], rows);
}

export function smallRingsTable(results: Figures): string {
  const head = ['N'];
  for (const leafSet of SMALL_LEAF_SETS) {
    const name = `\\|L\\| = ${leafSet}`;
    head.push(`${name}: mean / most`, 'perfect tables', 'difference', `${name}, \\|M\\| = 0`);
  }
  const rows = SMALL_RING_SIZES.map((nodes) => {
    const cells = [whole(nodes)];
    for (const leafSet of SMALL_LEAF_SETS) {
      const ours = average(results, smallRingNames(nodes, leafSet, 16));
      const threeCases = average(results, smallRingNames(nodes, leafSet, 0));
      const perfect = PERFECT_BY_NODES.get(nodes)?.get(leafSet);
      const difference = ours === undefined || perfect === undefined ? undefined : ours.mean / perfect.mean - 1;
      cells.push(
        shown(ours),
        shown(perfect),
        difference === undefined ? '' : `${difference > 0 ? '+' : ''}${(difference * 100).toFixed(1)} %`,
        shown(threeCases),
      );
    }
    return cells;
  });
  return table(
    [...head, 'rings'],
    rows.map((row, index) => [...row, ringsOf(results, SMALL_RING_SIZES[index] ?? 0)]),
  );
}

export function failuresTable(results: Figures): string {
  const row = (name: string): string[] => {
    const back = results.number(name, 'missingEntriesRecovered');
    const recoverable = results.number(name, 'recoverableEntries');
    return [
      ...['hopsBefore', 'hopsBroken', 'hopsRepaired'].map((key) => fixed(results.number(name, key), 3)),
      back === undefined || recoverable === undefined ? NOT_RUN : `${whole(back)} of ${whole(recoverable)}`,
      fixed(results.number(name, 'messagesPerFailure'), 1),
      fixed(results.number(name, 'misdelivered'), 0),
    ];
  };
  const { before, broken, repaired, messagesPerFailure } = PASTRY_FAILURES;
  const head = [
    '',
    'hops before',
    'broken',
    'repaired',
    'recoverable entries back',
    'messages a failure',
    'misdelivered',
  ];
  return table(head, [
    ['5,000 nodes, 500 die', ...row('failures-5000')],
    [
      'paper, 5,000 and 500',
      ...[before, broken, repaired].map((hops) => fixed(hops, 2)),
      'all',
      `${messagesPerFailure}`,
      '',
    ],
    ['500 nodes, 50 die', ...row('failures-500')],
  ]);
}

export function churnTable(results: Figures): string {
  const rows = CHURN_ROWS.map(({ name, what, paper }) => [
    what,
    share(results, name, 'incorrect'),
    share(results, name, 'lost'),
    fixed(results.number(name, 'stretch'), 2),
    fixed(results.number(name, 'controlMessagesPerNodeSecond'), 3),
    fixed(results.number(name, 'controlBytesPerNodeSecond'), 0),
    percent(results.number(name, 'leafSetExactShare')),
    paper,
  ]);
  const head = ['', 'incorrect', 'lost', 'stretch, timeouts included', 'control messages/s/node'];
  return table([...head, 'control bytes/s/node', 'leaf sets exact', 'the paper'], rows);
}

export function pastTable(results: Figures): string {
  const rows = PAST_ROWS.map(({ name, what, paper }) => [
    what,
    percent(results.number(name, 'failedShare')),
    percent(results.number(name, 'elsewhereShare')),
    percent(results.number(name, 'divertedShare')),
    percent(results.number(name, 'utilisation')),
    percent(results.number(name, 'failedShareAt80')),
    percent(results.number(name, 'divertedShareAt80')),
    percent(results.number(name, 'failedShareAt95')),
    paper === undefined ? '' : `${paper.failed} % / ${paper.used} %`,
  ]);
  const head = ['', 'failed', 'at another place', 'copies diverted', 'used in the end', 'failed at 80 %'];
  return table([...head, 'diverted at 80 %', 'failed at 95 %', 'paper: failed / used'], rows);
}

export function objectsTable(results: Figures): string {
  const row = (name: string, what: string, tell: (of: (key: string) => string) => string): string[] => {
    const isRun = results.number(name, 'seed') !== undefined;
    return [what, isRun ? tell((key) => whole(results.number(name, key) ?? 0)) : NOT_RUN];
  };
  const placed = (name: string): string => percent(results.number(name, 'onExactlyTheirNodes'));
  const sessions = (name: string, what: string): string[] =>
    row(name, what, (of) => {
      const megabytes = fixed(results.number(name, 'repairMegabytesPerNodeHour'), 1);
      return `${of('lost')} of ${of('safe')} lost, ${of('departures')} departures; ${megabytes} MB of repair a node and hour`;
    });
  return table(
    ['', 'ours'],
    [
      row('objects', 'at rest: on exactly their k closest nodes', () => placed('objects')),
      row(
        'objects',
        'two of an object’s holders die at once',
        (of) => `${of('lostInDraws')} of ${of('draws')} draws lose it`,
      ),
      row('objects', '20 % of the nodes die at once: lost', () => {
        return `${fixed(results.number('objects', 'lostShareRatio'), 2)} f^k, mean of 100 draws`;
      }),
      row('objects', 'the same, done once: lost before all others are on k nodes again', (of) => {
        return `${of('lostAfterRepair')}, in ${of('repairMinutes')} minutes`;
      }),
      row('objects-devices', '100 of 105 nodes on one device: fewest devices of an object', (of) =>
        of('fewestDevices'),
      ),
      sessions('sessions-k3', '300 nodes, 1,000 objects, sessions, k = 3'),
      sessions('sessions-k5', 'the same, k = 5'),
      sessions('sessions-graceful', 'the same, k = 3, all leave in good order'),
      row('acknowledged', '60 nodes, two holders die within a second of the acknowledgement', (of) => {
        return `${of('safeLost')} of ${of('safe')} safe ones lost, ${of('storedLost')} of ${of('stored')} stored ones`;
      }),
    ],
  );
}

export function notSimulatedTable(): string {
  return table(
    ['figure', 'source', 'ours'],
    NOT_SIMULATED.map(([what, figure]) => [what, figure, NOT_RUN]),
  );
}

interface Average {
  readonly mean: number;
  readonly max: number;
}

function average(results: Figures, names: readonly string[]): Average | undefined {
  const means: number[] = [];
  let max = 0;
  for (const name of names) {
    const mean = results.number(name, 'meanHops');
    if (mean === undefined) continue;
    means.push(mean);
    max = Math.max(max, results.number(name, 'maxHops') ?? 0);
  }
  if (means.length === 0) return undefined;
  return { mean: means.reduce((sum, mean) => sum + mean, 0) / means.length, max };
}

function shown(figures: Average | undefined): string {
  return figures === undefined ? NOT_RUN : `${figures.mean.toFixed(2)} / ${figures.max}`;
}

function ringsOf(results: Figures, nodes: number): string {
  const names = smallRingNames(nodes, 2, 16);
  const run = names.filter((name) => results.number(name, 'meanHops') !== undefined);
  return String(run.length);
}

function share(results: Figures, name: string, key: 'incorrect' | 'lost'): string {
  const count = results.number(name, key);
  const lookups = results.number(name, 'lookups');
  if (count === undefined || lookups === undefined) return NOT_RUN;
  const part = count === 0 ? '' : ` (${(count / lookups).toExponential(1)})`;
  return `${whole(count)} of ${whole(lookups)}${part}`;
}

function sumOf(results: Figures, name: string, keys: readonly string[]): string {
  let sum = 0;
  for (const key of keys) {
    const value = results.number(name, key);
    if (value === undefined) return NOT_RUN;
    sum += value;
  }
  return whole(sum);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? NOT_RUN : value.toFixed(digits);
}

function percent(value: number | undefined): string {
  return value === undefined ? NOT_RUN : `${(value * 100).toFixed(1)} %`;
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function log16(nodes: number): number {
  return Math.log(nodes) / Math.log(16);
}
