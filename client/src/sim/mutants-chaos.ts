// Short chaos runs, seed after seed, until one breaks a rule: exit code 1 and one line on stdout. Run in a mutant's copy.

import { runChaos } from './chaos.ts';
import { createTabringNode } from './machine.ts';

const SEEDS = 16;
const NODES = 24;
const MINUTES = 8;

for (let seed = 1; seed <= SEEDS; seed += 1) {
  const without = new Set(['unlinkable']);
  const plan = { seed, nodes: NODES, minutes: MINUTES, wire: true, without, createMachine: createTabringNode };
  const broken = [...new Set(runChaos(plan).violations.map(({ rule }) => rule))];
  if (broken.length === 0) continue;
  process.stdout.write(`seed ${seed}: ${broken.join(', ')}\n`);
  process.exitCode = 1;
  break;
}
