// A share of the fuzz tests in every run, with other input each time; all of a million: npm run fuzz.

import { expect, it } from 'vitest';
import { fuzzDecoder } from './fuzz.ts';
import { fuzzHandshake } from './fuzz-handshake.ts';

/** About two seconds. */
const FRAMES = 30_000;
/** As long. */
const INPUTS = 4_000;
/** Of these all kinds of outcomes come; `npm run test:properties` draws others. */
const seed = process.env.TABRING_RANDOM_SEEDS === '1' ? Math.floor(Math.random() * 2 ** 31) : 1;

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

it(`${INPUTS} hostile inputs at the handshake and behind it never throw (seed ${seed})`, async () => {
  const { outcomes } = await fuzzHandshake(seed, INPUTS);
  // That they get as far as to the core, and that each part refuses some.
  for (const outcome of [
    'gate: core: message',
    'gate: core: relayed',
    'signals: signalsMalformed',
    'signals: signalsForged',
  ]) {
    expect(outcomes.get(outcome), outcome).toBeGreaterThan(0);
  }
  expect(outcomes.get('answers: hello: malformed')).toBeGreaterThan(0);
  expect([...outcomes.keys()].filter((outcome) => outcome.startsWith('gate: misbehaved'))).not.toEqual([]);
});
