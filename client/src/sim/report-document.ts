// docs/figures.md: prose around the tables and plots, and the command behind each figure.

import { EXPERIMENTS, type Experiment } from './report-experiments.ts';
import { SOURCES } from './report-papers.ts';
import { largestRing, type Plot } from './report-plots.ts';
import { commandOf, type Results } from './report-results.ts';
import {
  churnTable,
  distributionTable,
  failuresTable,
  hopsTable,
  joinTable,
  neighborhoodTable,
  notSimulatedTable,
  objectsTable,
  pastTable,
  smallRingsTable,
} from './report-tables.ts';

export function writeDocument(results: Results, plots: readonly Plot[]): string {
  const plot = (file: string): string => {
    const found = plots.find((each) => each.file === file);
    return found === undefined ? '' : `![${found.alt}](figures/${found.file})\n`;
  };
  const largest = largestRing(results);
  const sections = [
    '# Figures\n',
    'Written by `npm run sim:report`: do not edit. All figures of ours come from the simulator (`client/src/sim`), which',
    'runs the same protocol code as a tab, under virtual time; the commands stand at the end. "not run" means just that.\n',
    ...SOURCES.map(([name, source]) => `- **${name}**: ${source}.`),
    '\n## Routing (Pastry, sections 3.1 and 3.2)\n',
    'Nodes on a plane join one by one through the protocol; then 20,000 lookups of random keys from random nodes, after at',
    'most 10,000 that are not counted, which fill the cells that stayed empty for newcomers. b = 4, |L| = 16, |M| = 16,',
    '32 digits. Stretch is the length of the route over the direct distance. Up to 5,000 nodes every message passes the',
    'wire codec; above, it is bypassed.\n',
    hopsTable(results),
    `\n${plot('hops.svg')}`,
    plot('stretch.svg'),
    'The paper had |M| = 32. Our last hop but one goes to the nearest known node that covers the key (`shortcut.ts`), be it in',
    'the leaf set, the routing table or the neighborhood set, so the size of that matters a little.\n',
    neighborhoodTable(results),
    '\n### Distribution of hops\n',
    largest === undefined ? 'not run\n' : distributionTable(results, largest),
    `\n${plot('distribution.svg')}`,
    '### Cost of a join\n',
    'Mean of the last tenth of the joins (at least 20), acknowledgements included. Probes confirm the leaf set, so that',
    'routing is consistent; the paper has none.\n',
    joinTable(results),
    '\n## Small rings\n',
    '16-bit ids, as in a classroom. Beside each: perfect tables, by our own simulation. Mean of the rings, most hops of all',
    'of them.\n',
    smallRingsTable(results),
    '\n## Failures (Pastry, section 3.3)\n',
    'A tenth of the nodes dies silently at once. "broken": lookups at once, before any repair. Messages for each failure:',
    'what exceeds the traffic of before.\n',
    failuresTable(results),
    `\n${plot('failures.svg')}`,
    '## Churn\n',
    'Sessions are exponential, nodes die without a word, the number of nodes stays. Lookups: 0.01 a second and node, ten',
    'times that where many are needed. Control traffic is all but the lookups and their answers; acknowledgements of',
    'lookups count as control.\n',
    churnTable(results),
    `\n${plot('churn.svg')}`,
    '## Room (PAST, section 5.1)\n',
    'Files are stored from random nodes until 1.54 times as many bytes have been offered as all disks hold. Disks are drawn from',
    'the normal distributions of the paper (its table 1), files from a log-normal one with the mean and the median of its web',
    'trace, which is not public; 60 nodes of 8 MB instead of 2,250 of 27 MB, k = 5, no room kept free for small blocks but where it says so.',
    'A store that finds no room at one place of its digest goes to another, three times.\n',
    pastTable(results),
    '\n## Objects that last\n',
    '1,000 nodes and 10,000 objects, k = 3, each node on a device of its own; lost of those acknowledged. With f of the nodes dead at',
    'once f^k of the objects lose all copies. Sessions are exponential with a median of 30 minutes, who comes has an empty disk,',
    'up-links carry 1 MB/s, objects have 1 MB; 4 hours. A store is *safe* with the receipts of k holders, *stored* with those of a quorum.\n',
    objectsTable(results),
    '\n## Not measured by this report\n',
    notSimulatedTable(),
    '\n## How to run it again\n',
    '```sh',
    'npm run sim:report -- --quick       # what takes less than about a minute each',
    'npm run sim:report                  # everything; 100,000 nodes take 18 GB and the best part of an hour',
    'npm run sim:report -- --only churn  # the experiments whose names hold a text',
    'npm run sim:report -- --draw        # run nothing, only write this page anew',
    '```\n',
    'Results are kept in `docs/figures/results.jsonl`; an experiment runs again if what its command runs has changed since, comments',
    'apart (`--keep`: not even then; such results are marked "earlier code" below). `--jobs 2` runs two at a time.\n',
    commandsTable(results),
    '',
  ];
  return sections.join('\n').replace(/\n{3,}/g, '\n\n');
}

/** One line for each experiment that has a result; those that differ in their seed only share one. */
function commandsTable(results: Results): string {
  const lines = new Map<string, { count: number; stale: number }>();
  for (const experiment of EXPERIMENTS) {
    if (!results.has(experiment)) continue;
    const command = withoutSeed(experiment);
    const line = lines.get(command) ?? { count: 0, stale: 0 };
    line.count += 1;
    if (!results.isFresh(experiment)) line.stale += 1;
    lines.set(command, line);
  }
  const rows = [...lines].map(([command, { count, stale }]) => {
    const seeds = count === 1 ? '1' : `1 to ${count}`;
    return `| \`${command}\` | ${seeds} | ${stale > 0 ? 'earlier code' : ''} |`;
  });
  return ['| command | seeds | |', '| --- | --- | --- |', ...rows].join('\n');
}

function withoutSeed(experiment: Experiment): string {
  return commandOf(experiment).replace(/ --seed \d+$/, '');
}
