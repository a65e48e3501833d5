// A million hostile frames at the decoder: npm run fuzz [-- --frames <n> --seed <n>]. Prints what became of them, and what of them
// stayed in memory; fails at the first frame that breaks a promise, which its seed and number name.

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzDecoder } from './fuzz.ts';

/** Frames between two looks at the memory; each share has a seed of its own. */
const SHARE = 100_000;
/** What a decoder without state may seem to keep, bytes: the engine's own compiled code and caches. */
const MAX_GROWTH_BYTES = 8 * 1024 * 1024;

const { values } = parseArgs({ options: { frames: { type: 'string' }, seed: { type: 'string' } } });
const frames = Number(values.frames ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

console.log(`${frames} frames, seed ${seed}`);
const startedAt = performance.now();
const totals = new Map<string, number>();
let settledBytes: number | undefined;
let grownBytes = 0;
for (let done = 0, share = 0; done < frames; done += SHARE, share += 1) {
  const { outcomes } = fuzzDecoder(seed + share, Math.min(SHARE, frames - done));
  for (const [outcome, count] of outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + count);
  if (typeof collect === 'function') collect();
  const { heapUsed } = process.memoryUsage();
  // The first share warms up.
  settledBytes ??= heapUsed;
  grownBytes = heapUsed - settledBytes;
}
for (const [outcome, count] of [...totals].sort(([, a], [, b]) => b - a))
  console.log(String(count).padStart(9), outcome);
const seconds = (performance.now() - startedAt) / 1000;
console.log(
  `no throw in ${seconds.toFixed(1)} s; memory after the first ${SHARE}: ${(grownBytes / 1024).toFixed(0)} KiB more`,
);
if (grownBytes > MAX_GROWTH_BYTES) {
  console.error('that is more than a decoder without state should keep');
  process.exitCode = 1;
}
