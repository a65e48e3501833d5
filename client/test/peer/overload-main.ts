// `npm run bench:overload`: how soon the links of a ring are back after a minute with too little time for them, in the model of
// a crowded machine, over sizes and loads, beside how nodes opened links before. Prints the table of docs/scale.md.

import { CrowdedMachine, type Policy, type PolicyHost } from './crowded-machine.ts';
import { EagerDialler } from './eager-dialler.ts';
import { paced } from './paced-dialler.ts';

const SIZES = [25, 50, 100];
const SHARES = [0.5, 0.25, 0.1];
const BUSY_MS = 60_000;
const LIMIT_MS = 300_000;

console.log('| nodes | share of the machine for a minute | all at once: back after, connections for a link | paced |');
console.log('|---|---|---|---|');
for (const nodes of SIZES) {
  for (const share of SHARES) {
    const eager = measure(nodes, share, (host) => new EagerDialler(host));
    console.log(`| ${nodes} | ${share} | ${eager} | ${measure(nodes, share, paced)} |`);
  }
}

function measure(nodes: number, share: number, createPolicy: (host: PolicyHost) => Policy): string {
  const machine = new CrowdedMachine({ nodes, leaves: 8, entries: 12, busyMs: BUSY_MS, share, seed: 1 }, createPolicy);
  machine.run(BUSY_MS + LIMIT_MS, () => machine.missing === 0);
  const { now, missing, connections, linksOpened } = machine;
  const perLink = linksOpened === 0 ? `${connections} for none` : (connections / linksOpened).toFixed(1);
  const seconds = (now - BUSY_MS) / 1000;
  if (missing > 0) return `not within ${LIMIT_MS / 1000} s: ${(100 * missing).toFixed(0)} % missing, ${perLink}`;
  return `${seconds <= 0 ? 'before the minute is over' : `${seconds.toFixed(0)} s`}, ${perLink}`;
}
