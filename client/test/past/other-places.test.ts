// File diversion (PAST, section 3.4): a block that has no room where it belongs lives at another place of its digest.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlockRef, elsewhere, isNameRecord, MAX_SALT, placedBlock, saltOf } from '../../src/core/past/block.ts';
import { id, outputsOf, record, World } from './world.ts';

const DIGEST = '5100000000000000d10000000000000091000000000000001100000000000000';
const FIRST = placedBlock(DIGEST, 1_000, 4, 0);
const SECOND = placedBlock(DIGEST, 1_000, 4, 1);
/** The places are far apart, and with a leaf set of four nobody sees both. */
const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

function ring(): World {
  const world = new World({ leafSetSize: 4 });
  world.joinAll(NAMES);
  world.run(1_000);
  return world;
}

/** It is stored at its second place by f, with nothing at the first. */
function storedElsewhere(): World {
  const world = ring();
  world.node('f').store(1, SECOND);
  world.run(10_000);
  world.node('f').sources.clear();
  return world;
}

const ids = (...names: string[]) => names.map((name) => id(name));

describe('places', () => {
  test('P64: a digest has four, its own first digits first, and only a name record is at none of them', () => {
    expect(FIRST.key).toBe('5100');
    expect(elsewhere(FIRST).map(({ key }) => key)).toEqual(['d100', '9100', '1100']);
    expect(elsewhere(SECOND).map(({ key }) => key)).toEqual(['5100', '9100', '1100']);
    expect([FIRST, SECOND].map(saltOf)).toEqual([0, 1]);
    expect(isNameRecord(SECOND)).toBe(false);
    expect(isNameRecord(record('51'))).toBe(true);
    expect(elsewhere(record('51'))).toEqual([]);
  });

  test('P64: whatever the digest, they are keys of the ring, and tell their salts', () => {
    const digits = fc.constantFrom(4, 8, 32);
    const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(hex, digits, fc.integer({ min: 0, max: MAX_SALT }), (characters, length, salt) => {
        const placed = placedBlock(characters.join(''), 1, length, salt);
        expect(placed.key).toHaveLength(length);
        const found = saltOf(placed);
        expect(found).toBeDefined();
        expect(placedBlock(placed.digest, 1, length, found ?? -1)).toEqual(placed);
      }),
    );
  });
});

describe('a block elsewhere', () => {
  test('P64: is kept, and repaired, by those closest to that place', () => {
    const world = storedElsewhere();
    expect(world.holders(SECOND)).toEqual(ids('c', 'd', 'e'));
    world.kill(world.node('d'));
    world.run(30_000);
    expect(world.holders(SECOND)).toEqual(world.expectedHolders(SECOND));
  });

  test('P64: is found by who looks for it at its first place', () => {
    const world = storedElsewhere();
    world.node('3').fetch(1, FIRST);
    world.run(20_000);
    expect(outputsOf(world.node('3'), 'fetched')).toHaveLength(1);
  });

  test('P64: is counted by who looks for it at its first place, and never as lost in between', () => {
    const world = storedElsewhere();
    world.node('3').past.handle({ type: 'watch', block: FIRST });
    world.run(60_000);
    const counts = outputsOf(world.node('3'), 'counted').map(({ holders }) => holders.length);
    expect(counts.at(-1)).toBe(3);
    expect(counts).not.toContain(0);
  });

  test('P64: has no copies if it is at no place', () => {
    const world = ring();
    world.node('3').past.handle({ type: 'watch', block: FIRST });
    world.run(120_000);
    expect(outputsOf(world.node('3'), 'counted').at(-1)?.holders).toEqual([]);
  });

  test.each<[string, BlockRef]>([
    ['first', FIRST],
    ['present', SECOND],
  ])('P64: gets new leases from who knows its %s place', (_, known) => {
    const world = storedElsewhere();
    const lease = world.lease('user', known, { serial: 2 });
    world.node('f').past.handle({ type: 'lease', request: 2, block: known, lease });
    world.run(60_000);
    const answer = outputsOf(world.node('f'), 'leased')[0];
    expect([...(answer?.kept ?? [])].sort()).toEqual(ids('c', 'd', 'e'));
  });

  test('P64: where the ring has no room there either, it is refused', () => {
    const world = ring();
    for (const node of world.nodes.values()) node.isFull = true;
    world.node('f').store(1, SECOND);
    world.run(30_000);
    expect(outputsOf(world.node('f'), 'store-failed')).toMatchObject([{ reason: 'full' }]);
  });
});
