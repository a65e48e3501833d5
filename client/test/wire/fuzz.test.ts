// A share of the decoder's fuzz test in every run, with other frames each time; all of a million: npm run fuzz.

import { expect, it } from 'vitest';
import { fuzzDecoder } from './fuzz.ts';

/** About two seconds. */
const FRAMES = 30_000;
const seed = Math.floor(Math.random() * 2 ** 31);

it(`${FRAMES} hostile frames never make decode throw, and what it accepts can be sent on (seed ${seed})`, () => {
  const { outcomes } = fuzzDecoder(seed, FRAMES);
  // That the frames are a mixture: some of all kinds get in, and some are refused for each of the first reasons.
  for (const outcome of ['message', 'control', 'chunk', 'another protocol version', 'no type', 'unknown type']) {
    expect(outcomes.get(outcome), outcome).toBeGreaterThan(0);
  }
  expect(outcomes.size).toBeGreaterThan(20);
});

it('the same seed gives the same frames', () => {
  expect(fuzzDecoder(7, 500)).toEqual(fuzzDecoder(7, 500));
});
