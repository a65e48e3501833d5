// The ring's time, and the moment at which others' certificates are judged, while the Discovery node comes and goes.

import { beforeEach, describe, expect, it } from 'vitest';
import { RENEWAL_GRACE_MS } from '../../src/links/limits.ts';
import { RingTime } from '../../src/links/ring-time.ts';

const START = 1_800_000_000;
const DAY = 86_400;
let now: number;
let time: RingTime;
const pass = (seconds: number): void => {
  now += seconds * 1_000;
};

beforeEach(() => {
  now = 12_345;
  time = new RingTime(() => now);
});

it('is not known before the Discovery node has told it', () => {
  expect(() => time.seconds).toThrow('has not told the time');
  time.away();
  expect(() => time.renewableSeconds).toThrow('has not told the time');
});

it('goes on by the own clock, and what it is told again counts', () => {
  time.learn(START);
  pass(DAY);
  expect([time.seconds, time.renewableSeconds]).toEqual([START + DAY, START + DAY]);
  time.learn(START + 2 * DAY);
  expect(time.seconds).toBe(START + 2 * DAY);
});

describe('certificates are judged', () => {
  beforeEach(() => {
    time.learn(START);
  });

  it('as of when the Discovery node went, for as long as it is away', () => {
    pass(60);
    time.away();
    pass(8 * DAY);
    time.away();
    expect(time.seconds).toBe(START + 60 + 8 * DAY);
    expect(time.renewableSeconds).toBe(START + 60);
  });

  it('so for some minutes more after it is back, while all renew theirs', () => {
    time.away();
    pass(8 * DAY);
    time.reached();
    pass(RENEWAL_GRACE_MS / 1_000 - 1);
    expect(time.renewableSeconds).toBe(START);
    pass(1);
    expect(time.renewableSeconds).toBe(time.seconds);
  });

  it('as of the first going if it goes again before all can have renewed theirs', () => {
    time.away();
    pass(8 * DAY);
    time.reached();
    pass(60);
    time.away();
    pass(DAY);
    expect(time.renewableSeconds).toBe(START);
    time.reached();
    pass(RENEWAL_GRACE_MS / 1_000);
    time.away();
    expect(time.renewableSeconds).toBe(time.seconds);
  });
});
