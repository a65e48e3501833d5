// The judges' arithmetic against the core's: written twice, and the same.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareClockwise, isCloser, sharedPrefixLength } from '../../src/core/pastry/id.ts';
import { isMetFirst, isNearer, sharedDigits } from '../../src/sim/arithmetic.ts';
import { id } from '../core/arbitraries.ts';

const anyId = fc.integer({ min: 0, max: 0xffff }).map((value) => id(value.toString(16).padStart(4, '0')));

describe('the judges’ arithmetic', () => {
  test('wraps, and gives ties to the higher id', () => {
    expect(isNearer(id('0005'), id('fff0'), id('0100'))).toBe(true);
    expect(isNearer(id('0000'), id('fff0'), id('0010'))).toBe(true);
    expect(isNearer(id('1001'), id('1000'), id('1002'))).toBe(false);
    expect(isMetFirst(id('8000'), id('f000'), id('1000'))).toBe(true);
  });

  test('agrees with the core’s', () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, (origin, a, b) => {
        expect(sharedDigits(a, b)).toBe(sharedPrefixLength(a, b));
        expect(isNearer(origin, a, b)).toBe(isCloser(origin, a, b));
        if (new Set([origin, a, b]).size < 3) return;
        expect(isMetFirst(origin, a, b)).toBe(compareClockwise(origin, a, b) < 0);
      }),
      { numRuns: 1_000 },
    );
  });
});
