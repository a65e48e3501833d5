// Storing past a root that the storer cannot reach: another member of the replica set coordinates in its place.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeNode } from './fake-node.ts';
import { block, id, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');
const MEMBERS = ['4', '5', '6'];

/** Leaf sets of six: d is no leaf of those that keep STORED, and all that are near see the whole replica set. */
function ring(): World {
  const world = new World({ leafSetSize: 6 });
  world.joinAll(NAMES);
  world.run(1_000);
  return world;
}

function offeredTo(storer: FakeNode): string[] {
  return storer.sent.filter(({ message }) => message.type === 'offer').map(({ to }) => to);
}

describe('a root that gives no word', () => {
  test('P27: the member closest to the key coordinates in its place, and there are all copies', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    storer.store(1, STORED);
    world.run(12_000);
    expect(world.holders(STORED)).toEqual(MEMBERS.map((name) => id(name)));
    const last = outputsOf(storer, 'stored').at(-1);
    expect(last).toMatchObject({ root: id('5'), route: [id('d'), id('5')], complete: true });
    expect(offeredTo(storer)).toEqual([id('5'), id('5'), id('6')]);
    const bytesFrom = [...world.nodes.values()].flatMap((node) => outputsOf(node, 'pull')).map(({ from }) => from);
    expect(bytesFrom.filter((from) => from === id('d'))).toHaveLength(1);
  });

  test('P27: one that answers is the only one that is offered the block', () => {
    const world = ring();
    const storer = world.node('d');
    world.node('4').isDeaf = true;
    storer.store(1, STORED);
    world.run(55_000);
    // Once every ten seconds.
    expect(offeredTo(storer)).toEqual(Array.from({ length: 6 }, () => id('5')));
  });

  test('P27: for the next block another coordinator is asked at once, after the root', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    storer.store(1, STORED);
    world.run(12_000);
    storer.sent.length = 0;
    storer.store(2, block('51', 2));
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ request: 2, complete: true });
    expect(offeredTo(storer)).toEqual([id('5'), id('6')]);
  });

  test('P27: a root known not to be reached is not waited for', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    storer.store(1, STORED);
    world.run(100);
    storer.past.nodeFailed(id('5'));
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: true });
  });

  test('P27: nor is one to which a link has just failed', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    world.linksKnownToFail = true;
    storer.store(1, STORED);
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: true });
  });

  test('P27: nor is one that has answered before', () => {
    const world = ring();
    const storer = world.node('d');
    world.node('4').isDeaf = true;
    storer.store(1, STORED);
    world.run(5_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: false });
    world.node('4').isDeaf = false;
    world.keepApart('d', '5');
    storer.past.nodeFailed(id('5'));
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: true });
  });

  test('P27: members that give no word, or refuse, are passed over', () => {
    for (const spoil of [
      (world: World) => world.keepApart('d', '6'),
      (world: World) => {
        world.node('6').status = 'joining';
      },
    ]) {
      const world = ring();
      const storer = world.node('d');
      world.keepApart('d', '5');
      spoil(world);
      storer.store(1, STORED);
      world.run(30_000);
      expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: true });
      expect(offeredTo(storer).at(-1)).toBe(id('4'));
    }
  });

  test('P27: with its first receipts it has its place back', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    world.node('4').isDeaf = true;
    storer.store(1, STORED);
    world.run(15_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: false });
    world.apart.clear();
    world.run(10_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ complete: false });
    storer.sent.length = 0;
    world.run(30_000);
    expect(offeredTo(storer)).toEqual([id('5'), id('5'), id('5')]);
  });

  test('P27: it is asked first again, and alone, after four minutes', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    storer.store(1, STORED);
    world.run(12_000);
    world.apart.clear();
    world.run(240_000);
    storer.sent.length = 0;
    storer.store(2, block('51', 2));
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ request: 2, complete: true });
    expect(offeredTo(storer)).toEqual([id('5')]);
  });

  test('P6: a coordinator without room is passed over, as a root is, and diverts its own copy', () => {
    const world = ring();
    world.keepApart('d', '5');
    world.node('6').isFull = true;
    world.node('d').store(1, STORED);
    world.run(14_000);
    expect(outputsOf(world.node('d'), 'stored').at(-1)).toMatchObject({ holders: [id('5'), id('7'), id('4')] });
    for (const name of ['4', '5']) world.node(name).isFull = true;
    world.node('d').store(2, block('51', 2));
    world.run(30_000);
    expect(outputsOf(world.node('d'), 'store-failed')).toMatchObject([{ request: 2, reason: 'full' }]);
  });

  test('P22: a member that was not asked has no say', () => {
    const world = ring();
    const storer = world.node('d');
    world.keepApart('d', '5');
    storer.store(1, STORED);
    world.run(100);
    const report = { type: 'copies', digest: STORED.digest, receipts: [], wanted: 3 } as const;
    storer.past.receive(id('6'), { ...report, holders: MEMBERS.map((name) => id(name)) });
    storer.past.receive(id('6'), { type: 'refuse', digest: STORED.digest, reason: 'full' });
    expect(outputsOf(storer, 'stored')).toEqual([]);
    expect(outputsOf(storer, 'store-failed')).toEqual([]);
  });

  test('P5, P27: a store succeeds, with all copies, if and only if some member can be reached', () => {
    const apart = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: NAMES.length });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), apart, (name, others) => {
        const world = ring();
        const storer = world.node(name);
        for (const other of others) if (other !== name) world.keepApart(name, other);
        const isReachable = MEMBERS.some((member) => member === name || storer.canReach(id(member)));
        storer.store(1, STORED);
        world.run(90_000);
        expect(outputsOf(storer, 'stored').some(({ complete }) => complete)).toBe(isReachable);
        expect(outputsOf(storer, 'store-failed')).toHaveLength(isReachable ? 0 : 1);
        expect(world.holders(STORED)).toEqual(isReachable ? MEMBERS.map((member) => id(member)) : []);
      }),
      { numRuns: 100 },
    );
  });
});
