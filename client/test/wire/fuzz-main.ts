// A million hostile frames at the decoder, and a million inputs at the handshake and behind it: npm run fuzz [-- --frames <n>
// --seed <n>]. Prints what became of them, and what of them stayed in memory; fails at the first that breaks a promise, which
// its seed and number name.

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzDecoder } from './fuzz.ts';
import { fuzzHandshake } from './fuzz-handshake.ts';

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
let startedAt = performance.now();
let totals = new Map<string, number>();
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
printTotals();
console.log(
  `no throw in ${secondsSince(startedAt)} s; memory after the first ${SHARE}: ${(grownBytes / 1024).toFixed(0)} KiB more`,
);
if (grownBytes > MAX_GROWTH_BYTES) {
  console.error('that is more than a decoder without state should keep');
  process.exitCode = 1;
}

console.log(`\n${frames} inputs at the handshake and behind it, seed ${seed}`);
startedAt = performance.now();
totals = new Map();
for (let done = 0, share = 0; done < frames; done += SHARE, share += 1) {
  const { outcomes } = await fuzzHandshake(seed + share, Math.min(SHARE, frames - done));
  for (const [outcome, count] of outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + count);
}
printTotals();
console.log(`no throw in ${secondsSince(startedAt)} s`);
// A link layer's own timers, of attempts that were never answered, would keep the process for a while.
process.exit();

function printTotals(): void {
  for (const [outcome, count] of [...totals].sort(([, a], [, b]) => b - a))
    console.log(String(count).padStart(9), outcome);
}

function secondsSince(instant: number): string {
  return ((performance.now() - instant) / 1000).toFixed(1);
}
