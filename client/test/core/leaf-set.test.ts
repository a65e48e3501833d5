import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestId, type Id, ringDistance } from '../../src/core/pastry/id.ts';
import type { Incarnation } from '../../src/core/pastry/node-handle.ts';
import { LeafSet } from '../../src/core/pastry/tables/leaf-set.ts';
import { handle, id, ids16 } from './arbitraries.ts';

/** The halves a leaf set should have, by sorting everything and counting round. */
function halvesByCounting(self: Id, others: readonly Id[], size: number): { cw: Id[]; ccw: Id[] } {
  const ring = [self, ...others].sort();
  const at = ring.indexOf(self);
  const most = Math.min(size / 2, others.length);
  const step = (by: number): Id => ring[(((at + by) % ring.length) + ring.length) % ring.length] ?? self;
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  return { cw: counts.map((by) => step(by)), ccw: counts.map((by) => step(-by)) };
}

function setOf(self: Id, others: readonly Id[], size: number): LeafSet {
  const set = new LeafSet(self, size);
  for (const other of others) set.add(handle(other));
  return set;
}

function halves(set: LeafSet<Incarnation>): { cw: Id[]; ccw: Id[] } {
  return {
    cw: set.clockwise.map(({ nodeId }) => nodeId),
    ccw: set.counterclockwise.map(({ nodeId }) => nodeId),
  };
}

const sizes = fc.constantFrom(2, 4, 8, 16, 32);

describe('leaf set', () => {
  test('R6, R7: each half holds the next nodes round the ring, whatever the order they came in', () => {
    fc.assert(
      fc.property(ids16, sizes, ([self, ...others], size) => {
        if (self === undefined) return;
        expect(halves(setOf(self, others, size))).toEqual(halvesByCounting(self, others, size));
      }),
    );
  });

  test('R11: adding is idempotent and commutative', () => {
    fc.assert(
      fc.property(ids16, sizes, ([self, ...others], size) => {
        if (self === undefined) return;
        const once = setOf(self, others, size);
        const again = setOf(self, [...others].reverse().concat(others), size);
        expect(halves(again)).toEqual(halves(once));
      }),
    );
  });

  test('R7: in a small ring every key is in range', () => {
    const set = setOf(id('1000'), [id('5000'), id('a000')], 16);
    for (const key of ['0000', '3fff', '7fff', 'ffff']) expect(set.covers(id(key))).toBe(true);
  });

  test('R8: one, two and three nodes, and back', () => {
    const set = new LeafSet(id('1000'), 2);
    expect(set.covers(id('9999'))).toBe(true);
    expect(set.closest(id('9999'))).toBe('1000');
    set.add(handle(id('5000')));
    expect(halves(set)).toEqual({ cw: ['5000'], ccw: ['5000'] });
    set.add(handle(id('a000')));
    expect(halves(set)).toEqual({ cw: ['5000'], ccw: ['a000'] });
    set.remove(id('a000'));
    set.refill();
    expect(halves(set)).toEqual({ cw: ['5000'], ccw: ['5000'] });
    set.remove(id('5000'));
    expect(set.members()).toEqual([]);
    expect(set.covers(id('9999'))).toBe(true);
  });

  test('R9: the range crosses zero', () => {
    const others = ['0100', '0200', 'ff00', 'fe00', '8000'].map(id);
    const set = setOf(id('0000'), others, 4);
    expect(set.covers(id('fe00'))).toBe(true);
    expect(set.covers(id('0180'))).toBe(true);
    expect(set.covers(id('fdff'))).toBe(false);
    expect(set.covers(id('7000'))).toBe(false);
  });

  test('R9, P70: of what is within a covered radius no node is unknown', () => {
    let covered = 0;
    fc.assert(
      fc.property(ids16, fc.constantFrom(2, 4, 8), fc.nat(0x3fff), ([key, self, ...others], size, most) => {
        if (key === undefined || self === undefined) return;
        const set = setOf(self, others, size);
        const radius = BigInt(most);
        if (!set.covers(key, radius)) return;
        covered += 1;
        const near = others.filter((other) => ringDistance(key, other) <= radius);
        expect(near.filter((other) => !set.has(other))).toEqual([]);
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(covered).toBeGreaterThan(100);
  });

  test('R10: never self, never two epochs of one id', () => {
    const set = new LeafSet(id('1000'), 4);
    expect(set.add(handle(id('1000')))).toBe(false);
    set.add(handle(id('2000'), 1));
    expect(set.add(handle(id('2000'), 2))).toBe(false);
    expect(set.members().map(({ epoch }) => epoch)).toEqual([2]);
  });

  test('R43: a half that lost a node ends its range at its outermost member, until it is refilled', () => {
    const set = setOf(id('0000'), ['1000', '2000', '3000', 'd000', 'e000', 'f000'].map(id), 4);
    expect(set.covers(id('2000'))).toBe(true);
    set.remove(id('2000'));
    expect(set.isShort).toBe(true);
    expect(set.covers(id('1800'))).toBe(false);
    expect(set.shortEnds().map(({ nodeId }) => nodeId)).toEqual(['1000']);
  });

  test('R43: one that hopes for a successor of a suspect takes nobody of the other side of the ring', () => {
    const set = setOf(id('1000'), ['0e00', '0f00', '1100', '1200'].map(id), 4);
    const hoped = set.without((nodeId) => nodeId === id('0f00'));
    expect(hoped.add(handle(id('1300')))).toBe(false);
    expect(hoped.add(handle(id('0d00')))).toBe(true);
  });

  test('R6, R43: in an uneven ring it takes who comes next, though that is nearer by the other way round', () => {
    const set = setOf(id('1000'), ['0f00', '0e00', '1100', '9200'].map(id), 4);
    const hoped = set.without(() => false);
    expect(hoped.add(handle(id('9100')))).toBe(true);
    expect(halves(hoped).cw).toEqual(['1100', '9100']);
    set.remove(id('1100'));
    set.add(handle(id('9300')));
    expect(halves(set).cw).toEqual(['9200', '9300']);
  });

  test('R9, R43: a half that lost a node takes none of the other half, so that what is near stays in range', () => {
    const others = ['52b0', '634a', '7f35', '9203', '137d', '0bbb', 'c6df', 'da4c'].map(id);
    const set = setOf(id('4266'), others, 8);
    set.remove(id('da4c'));
    set.add(handle(id('52b0')));
    expect(halves(set).ccw).toEqual(['137d', '0bbb', 'c6df']);
    expect(set.covers(id('4ced'))).toBe(true);
  });

  test('R9, R43: whoever comes and goes, every member is in range, and none that would come in is refused', () => {
    const steps = fc.array(fc.record({ at: fc.nat(), comes: fc.boolean() }), { minLength: 20, maxLength: 80 });
    fc.assert(
      fc.property(ids16, fc.constantFrom(2, 4, 8), steps, ([self, ...others], size, steps) => {
        if (self === undefined) return;
        const set = setOf(self, others, size);
        for (const { at, comes } of steps) {
          const nodeId = others[at % Math.max(1, others.length)];
          if (nodeId === undefined) continue;
          const admitted = set.admits(nodeId);
          if (comes) expect(set.add(handle(nodeId))).toBe(admitted);
          else set.remove(nodeId);
          for (const member of set.members()) expect(set.covers(member.nodeId)).toBe(true);
        }
      }),
    );
  });

  test('admits exactly those whose adding would change it', () => {
    fc.assert(
      fc.property(ids16, sizes, ([self, newcomer, ...others], size) => {
        if (self === undefined || newcomer === undefined) return;
        const set = setOf(self, others, size);
        const admitted = set.admits(newcomer);
        expect(set.add(handle(newcomer))).toBe(admitted);
      }),
    );
  });

  test('R4: within range, the closest member is the root among all nodes', () => {
    fc.assert(
      fc.property(ids16, sizes, fc.integer({ min: 0, max: 0xffff }), ([self, ...others], size, number) => {
        if (self === undefined) return;
        const key = id(number.toString(16).padStart(4, '0'));
        const set = setOf(self, others, size);
        if (set.covers(key)) expect(set.closest(key)).toBe(closestId(key, [self, ...others]));
      }),
    );
  });
});
