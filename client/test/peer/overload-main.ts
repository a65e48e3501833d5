// `npm run bench:overload [-- --draw]`: how soon the links of a ring are back after a minute with too little time for them, in the model
// of a crowded machine, over sizes and loads, beside how nodes opened links before. Prints the table of docs/scale.md; `--draw`
// makes its plot.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { linePlot, OURS, PAPER, type Series } from '../../src/sim/report-svg.ts';
import { CrowdedMachine, type Policy, type PolicyHost } from './crowded-machine.ts';
import { EagerDialler } from './eager-dialler.ts';
import { paced } from './paced-dialler.ts';

const PLOT = fileURLToPath(new URL('../../../docs/figures/overload.svg', import.meta.url));
const SIZES = [25, 50, 75, 100];
const SHARES = [0.5, 0.25, 0.1];
const SEEDS = [1, 2, 3];
const BUSY_MS = 60_000;
const LIMIT_MS = 300_000;

interface Policies {
  readonly name: string;
  readonly colour: string;
  readonly create: (host: PolicyHost) => Policy;
}

interface Outcome {
  /** After the load ended; 0: before that. */
  readonly seconds: number;
  readonly connections: number;
  readonly linksOpened: number;
  /** Of the links, what was still missing when it was given up. */
  readonly missing: number;
}

const EAGER: Policies = { name: 'all at once', colour: PAPER, create: (host) => new EagerDialler(host) };
const PACED: Policies = { name: 'paced', colour: OURS, create: paced };

const { values } = parseArgs({ options: { draw: { type: 'boolean' } } });
const series: Series[] = [];
console.log('| nodes | share of the machine for a minute | all at once: back after, connections for a link | paced |');
console.log('|---|---|---|---|');
for (const share of SHARES) {
  const points = new Map([EAGER, PACED].map((policies) => [policies, [] as [number, number][]]));
  for (const nodes of SIZES) {
    const cells = [...points].map(([policies, own]) => {
      const outcome = median(SEEDS.map((seed) => measure(nodes, share, seed, policies)));
      own.push([nodes, outcome.seconds]);
      return cell(outcome);
    });
    console.log(`| ${nodes} | ${share} | ${cells.join(' | ')} |`);
  }
  if (share === 0.1) continue;
  const isDashed = share !== 0.25;
  for (const [{ name, colour }, own] of points)
    series.push({ name: `${name}, ${share}${isDashed ? ' (dashed)' : ''}`, points: own, colour, isDashed });
}
if (values.draw === true) {
  const title = 'Seconds until all links are back, by the share of the machine for a minute before';
  writeFileSync(PLOT, linePlot({ title, xName: 'nodes', yName: 'seconds', isLogarithmic: false, series }));
}

function measure(nodes: number, share: number, seed: number, { create }: Policies): Outcome {
  const machine = new CrowdedMachine({ nodes, leaves: 8, entries: 12, busyMs: BUSY_MS, share, seed }, create);
  machine.run(BUSY_MS + LIMIT_MS, () => machine.missing === 0);
  const { now, missing, connections, linksOpened } = machine;
  return { seconds: Math.max(0, (now - BUSY_MS) / 1000), connections, linksOpened, missing };
}

function median(outcomes: readonly Outcome[]): Outcome {
  const sorted = outcomes.toSorted((a, b) => a.seconds - b.seconds || a.missing - b.missing);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

function cell({ seconds, connections, linksOpened, missing }: Outcome): string {
  const perLink = linksOpened === 0 ? `${connections} for none` : (connections / linksOpened).toFixed(1);
  if (missing > 0) return `not within ${LIMIT_MS / 1000} s: ${(100 * missing).toFixed(0)} % missing, ${perLink}`;
  return `${seconds === 0 ? 'before the minute is over' : `${seconds.toFixed(0)} s`}, ${perLink}`;
}
