import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFromPrefix } from '../../src/core/pastry/id.ts';
import { arcPath, ringFraction, ringGap, ringPoint } from '../../src/web/text/ring-geometry.ts';

const id = (prefix: string, digits = 32) => {
  const made = idFromPrefix(prefix, digits);
  if (made === undefined) throw new Error(`${prefix} is no id`);
  return made;
};

describe('ringFraction', () => {
  it('goes from 0 at id 0 to just below 1', () => {
    expect(ringFraction(id('0'))).toBe(0);
    expect(ringFraction(id('4'))).toBe(0.25);
    expect(ringFraction(id('8000', 4))).toBe(0.5);
    expect(ringFraction(id('f'.repeat(32)))).toBeLessThan(1);
    expect(ringFraction(id('f'.repeat(64), 64))).toBeGreaterThan(0.999);
  });

  it('keeps the order of ids', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(
        hex,
        hex,
        (a, b) => Math.sign(ringFraction(id(a)) - ringFraction(id(b))) === (a < b ? -1 : a > b ? 1 : 0),
      ),
    );
  });
});

describe('ringPoint', () => {
  it.each([
    [0, 0, -100],
    [0.25, 100, 0],
    [0.5, 0, 100],
    [0.75, -100, 0],
  ])('puts %d of the ring at (%d, %d): clockwise from the top', (fraction, x, y) => {
    const point = ringPoint(fraction, 100);
    expect(point.x).toBeCloseTo(x);
    expect(point.y).toBeCloseTo(y);
  });
});

describe('arcPath', () => {
  it('goes clockwise across the top', () => {
    expect(arcPath(0.75, 0.25, 100).replaceAll('-0.00', '0.00')).toBe(
      'M -100.00 0.00 A 100 100 0 0 1 0.00 -100.00 A 100 100 0 0 1 100.00 0.00',
    );
  });

  it('goes all round if both ends are one', () => {
    expect(arcPath(0, 0, 100)).toContain('A 100 100 0 0 1 0.00 100.00');
  });
});

describe('ringGap', () => {
  it('is the shorter way round', () => {
    expect(ringGap(0.9, 0.1)).toBeCloseTo(0.2);
    expect(ringGap(0.1, 0.9)).toBeCloseTo(0.2);
  });
});
