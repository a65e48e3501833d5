import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clockwiseDistance,
  closestId,
  compareClockwise,
  type Id,
  idAfter,
  idFromPrefix,
  isCloser,
  isId,
  isOnArc,
  ringDistance,
  sharedPrefixLength,
} from '../../src/core/pastry/id.ts';
import { id, ids16 } from './arbitraries.ts';

describe('id', () => {
  test('R1: distance is circular', () => {
    expect(closestId(id('0005'), [id('fff0'), id('0100')])).toBe('fff0');
  });

  test('R1: as many steps after an id as another is away stands that other, both ways round', () => {
    fc.assert(
      fc.property(ids16, ([a, b = a]) => {
        if (a === undefined || b === undefined) return;
        expect(idAfter(a, clockwiseDistance(a, b))).toBe(b);
        expect(idAfter(b, -clockwiseDistance(a, b))).toBe(a);
      }),
    );
    expect(idAfter(id('fff0'), 0x20n)).toBe('0010');
    expect(idAfter(id('0010'), -0x20n)).toBe('fff0');
  });

  test('R2: ties go to the higher id, across the wrap too', () => {
    expect(closestId(id('0000'), [id('fff0'), id('0010')])).toBe('fff0');
    expect(closestId(id('1001'), [id('1000'), id('1002')])).toBe('1002');
  });

  test('R3: distance, not prefix, decides who owns a key', () => {
    const nodes = ['7eaf', '85d9', '8aa6', '2293', 'da7f'].map(id);
    expect(closestId(id('818e'), nodes)).toBe('7eaf');
  });

  test('R1, R2: the closest of any ids is the one a plain count of steps finds', () => {
    fc.assert(
      fc.property(ids16, fc.integer({ min: 0, max: 0xffff }), (nodes, number) => {
        const steps = (a: number, b: number): number => Math.min((a - b + 65_536) % 65_536, (b - a + 65_536) % 65_536);
        const values = nodes.map((node) => Number.parseInt(node, 16));
        const least = Math.min(...values.map((value) => steps(value, number)));
        const winner = Math.max(...values.filter((value) => steps(value, number) === least));
        expect(closestId(id(hex(number)), nodes)).toBe(hex(winner));
      }),
    );
  });

  test('walking clockwise meets ids in the order of their distance', () => {
    fc.assert(
      fc.property(ids16, (nodes) => {
        const [origin, ...others] = nodes;
        if (origin === undefined) return;
        const from = Number.parseInt(origin, 16);
        const byDistance = (node: Id): number => (Number.parseInt(node, 16) - from + 65_536) % 65_536;
        const walked = [...others].sort((a, b) => compareClockwise(origin, a, b));
        expect(walked).toEqual([...others].sort((a, b) => byDistance(a) - byDistance(b)));
      }),
    );
  });

  test('R9: an arc may cross zero', () => {
    expect(isOnArc(id('0001'), id('fff0'), id('0010'))).toBe(true);
    expect(isOnArc(id('8000'), id('fff0'), id('0010'))).toBe(false);
    expect(isOnArc(id('8000'), id('7000'), id('9000'))).toBe(true);
  });

  test('a prefix is padded with zeros; anything else is refused', () => {
    expect(idFromPrefix('A5', 4)).toBe('a500');
    expect(idFromPrefix('12345', 4)).toBeUndefined();
    expect(idFromPrefix('xyz', 4)).toBeUndefined();
    expect(isId('12AB', 4)).toBe(false);
  });

  test('128-bit ids keep every digit', () => {
    const low = id(`${'0'.repeat(31)}1`);
    const high = id('f'.repeat(32));
    expect(ringDistance(low, high)).toBe(2n);
    expect(isCloser(id('0'.repeat(32)), low, high)).toBe(false);
    expect(sharedPrefixLength(id(`${'a'.repeat(31)}1`), id(`${'a'.repeat(31)}2`))).toBe(31);
  });
});

function hex(value: number): Id {
  return id(value.toString(16).padStart(4, '0'));
}
