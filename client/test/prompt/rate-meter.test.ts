import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../src/prompt/rate-meter.ts';

describe('RateMeter', () => {
  it('says nothing before it has seen half a second', () => {
    const meter = new RateMeter();
    meter.note(0, 0);
    meter.note(400, 1000);
    expect(meter.rate(400, 10_000)).toBeUndefined();
  });

  it('says speed and time left', () => {
    const meter = new RateMeter();
    meter.note(0, 0);
    meter.note(2_000, 4_000);
    expect(meter.rate(2_000, 10_000)).toEqual({ bytesPerSecond: 2_000, leftMs: 3_000 });
  });

  it('follows a change of speed within its window', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 10; second += 1) meter.note(second * 1000, second * 1000);
    for (let second = 11; second <= 20; second += 1) meter.note(second * 1000, 10_000 + (second - 10) * 5_000);
    expect(meter.rate(20_000, 100_000)?.bytesPerSecond).toBeCloseTo(5_000);
  });

  it('slows down while nothing arrives, and then has no time left to name', () => {
    const meter = new RateMeter();
    meter.note(0, 0);
    meter.note(1_000, 1_000);
    expect(meter.rate(2_000, 2_000)?.bytesPerSecond).toBe(500);
    expect(meter.rate(4_000, 2_000)?.bytesPerSecond).toBe(250);
    // A stall is one as soon as the window has nothing in it, however fast it was before.
    expect(meter.rate(5_000, 2_000)).toEqual({ bytesPerSecond: 0, leftMs: undefined });
    meter.note(60_000, 1_400);
    expect(meter.rate(60_000, 2_000)).toEqual({ bytesPerSecond: 100, leftMs: 6_000 });
    const still = new RateMeter();
    still.note(0, 500);
    expect(still.rate(1_000, 2_000)).toEqual({ bytesPerSecond: 0, leftMs: undefined });
  });
});
