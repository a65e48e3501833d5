// Whose room and whose turn it is: junk and invented offers of one peer leave honest stores their half.

import { describe, expect, test } from 'vitest';
import { Accounts } from '../../src/core/past/accounts.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import { MAX_QUEUED_OF_STRANGER } from '../../src/core/past/intake.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, offer, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const MIB = 1024 * 1024;

function ring(names = NAMES): World {
  const world = new World();
  world.joinAll(names);
  world.run(1_000);
  return world;
}

function large(key: string, number: number): BlockRef {
  return { ...block(key, number), size: MIB };
}

function bytesOn(node: FakeNode): number {
  return [...node.disk.values()].reduce((sum, { block: { size } }) => sum + size, 0);
}

/** Tells each node what its disk takes, and refuses what is more, as a driver does. */
function bound(world: World, bytes: number): void {
  for (const node of world.nodes.values()) {
    node.capacityBytes = bytes;
    node.tellRoom();
  }
}

describe('accounts', () => {
  const [junk, honest, another] = [id('1'), id('2'), id('3')];

  function fill(accounts: Accounts, payer: NodeId, isProven = true): number {
    let bytes = 0;
    for (; accounts.mayCharge(payer, 1); bytes += 1) accounts.charge(payer, `${payer} ${bytes}`, 1, isProven);
    return bytes;
  }

  test('P34: nobody has more than half of the room that the others leave', () => {
    const accounts = new Accounts();
    accounts.room(1_000);
    expect(fill(accounts, junk)).toBe(500);
    expect(fill(accounts, honest)).toBe(250);
    expect(fill(accounts, another)).toBe(125);
  });

  test('P34: what goes, or is offered by a second node as repair, is charged no longer', () => {
    const accounts = new Accounts();
    accounts.room(1_000);
    fill(accounts, junk, false);
    accounts.release(`${junk} 0`);
    expect(accounts.mayCharge(junk, 1)).toBe(true);
    accounts.charge(junk, 'x', 1, false);
    accounts.share('x', junk);
    expect(accounts.mayCharge(junk, 1)).toBe(false);
    // What is shared still takes room.
    accounts.share('x', honest);
    accounts.share(`${junk} 1`, honest);
    expect(accounts.mayCharge(junk, 1)).toBe(true);
    fill(accounts, honest);
    accounts.share(`${honest} 1`, junk);
    expect(accounts.mayCharge(honest, 1)).toBe(false);
  });

  test('P34: what one node offers in vain is taken from a second one, on nobody’s account', () => {
    const accounts = new Accounts();
    accounts.room(1_000);
    fill(accounts, junk, false);
    expect(accounts.mayRepair(junk, 'x', 1)).toBe(false);
    expect(accounts.mayRepair(junk, 'x', 1)).toBe(false);
    expect(accounts.isShared('x', junk)).toBe(false);
    fill(accounts, honest, false);
    expect(accounts.mayRepair(honest, 'x', 1)).toBe(true);
    expect(accounts.mayRepair(honest, 'y', 1)).toBe(false);
    expect(accounts.isShared('x', honest)).toBe(true);
  });

  test('P34: where no bound is known, there is none', () => {
    expect(new Accounts().mayCharge(junk, Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});

describe('junk', () => {
  test('P34: 24 MB of one storer at each of five nodes leaves honest stores their room', () => {
    const world = ring(['1', '4', '7', 'a', 'd']);
    bound(world, 24 * MIB);
    const hostile = world.node('1');
    for (let number = 0; number < 80; number += 1) {
      hostile.store(number, large(`${(number % 16).toString(16)}1`, number));
      world.run(200);
    }
    world.run(120_000);
    for (const node of world.nodes.values()) if (node !== hostile) expect(bytesOn(node)).toBeLessThanOrEqual(13 * MIB);
    const honest = world.node('7');
    for (let number = 0; number < 10; number += 1) {
      honest.store(1_000 + number, { ...block(`${number}8`, 1_000 + number), size: MIB / 2 });
      world.run(2_000);
    }
    world.run(30_000);
    const stored = new Set(outputsOf(honest, 'stored').map(({ request }) => request));
    expect(stored.size).toBe(10);
  });

  test('P34: offered as repair by one node it is bounded in the same way', () => {
    const world = ring();
    bound(world, 24 * MIB);
    const node = world.node('5');
    for (let start = 0; start < 40; start += 4) {
      const blocks = [0, 1, 2, 3].map((offset) => large('51', start + offset));
      for (const { digest } of blocks) world.node('6').sources.add(digest);
      node.past.receive(id('6'), offer(blocks, 'replicate'));
      world.run(1_000);
    }
    expect(bytesOn(node)).toBeLessThanOrEqual(12 * MIB);
    expect(bytesOn(node)).toBeGreaterThan(10 * MIB);
  });

  test('P34: of what two leaves offer as repair a small disk takes as much as it has room for', () => {
    const world = ring();
    bound(world, 24 * MIB);
    const node = world.node('5');
    const blocks = Array.from({ length: 20 }, (_, number) => large('51', number));
    for (const name of ['6', '4']) for (const { digest } of blocks) world.node(name).sources.add(digest);
    // Each begins with others, so each has others on its account.
    const [some, others] = [blocks.slice(0, 10), blocks.slice(10)];
    for (const [name, list] of [
      ['6', some],
      ['4', others],
      ['6', others],
      ['4', some],
      ['6', others],
    ] as const) {
      node.past.receive(id(name), offer(list, 'replicate'));
      world.run(60_000);
    }
    expect(bytesOn(node)).toBeGreaterThan(18 * MIB);
  });

  test('P25: a block without bytes is none', () => {
    const world = ring();
    world.node('d').store(1, { ...block('51'), size: 0 });
    world.run(2_000);
    expect(outputsOf(world.node('d'), 'store-failed')).toMatchObject([{ reason: 'malformed' }]);
  });
});

describe('invented offers', () => {
  /** Offers of blocks that `name` does not give. */
  function invent(world: World, name: string, to: FakeNode, count: number): void {
    world.node(name).gives = 'no end';
    for (let start = 0; start < count; start += 4) {
      const blocks = [0, 1, 2, 3].map((index) => block('51', 10_000 + start + index));
      to.past.receive(id(name), offer(blocks, 'replicate'));
    }
  }

  test.each(['6', 'd'])('P35: 4,000 of them by %s keep no honest store waiting', (liar) => {
    const world = ring();
    for (const name of ['4', '5', '6']) if (name !== liar) invent(world, liar, world.node(name), 4_000);
    world.node('c').store(1, block('51'));
    world.run(3_000);
    expect(outputsOf(world.node('c'), 'stored').length).toBeGreaterThan(0);
    expect(world.misdeedsOf(liar)).toContain('more offers than one may have waiting');
  });

  test('P35: nor repair', () => {
    const world = ring();
    world.node('c').store(1, block('51'));
    world.run(3_000);
    for (const name of ['3', '7']) invent(world, 'd', world.node(name), 4_000);
    world.kill(world.node('5'));
    world.run(4_000);
    expect(world.holders(block('51'))).toEqual([id('4'), id('6'), id('7')]);
  });

  test('P35: who gives nothing of what it offers is not asked for a while', () => {
    const world = ring();
    const node = world.node('5');
    world.node('6').gives = 'nothing';
    for (let number = 0; number < 40; number += 1) {
      node.past.receive(id('6'), offer([block('51', number)], 'replicate'));
      world.run(500);
    }
    expect(outputsOf(node, 'pull').length).toBeLessThan(20);
    expect(world.misdeedsOf('6')).toContain('offered blocks not given');
    world.node('6').gives = 'bytes';
    world.run(60_000);
    world.node('6').sources.add(block('51', 99).digest);
    node.past.receive(id('6'), offer([block('51', 99)], 'replicate'));
    world.run(1_000);
    expect(node.disk.has(block('51', 99).digest)).toBe(true);
  });

  test('P35: of strangers fewer wait than of leaves', () => {
    const world = new World({ leafSetSize: 4 });
    world.joinAll(NAMES);
    world.run(1_000);
    const node = world.node('5');
    for (let number = 0; number < 3 * MAX_QUEUED_OF_STRANGER; number += 1) {
      const offered = block('51', number);
      world.node('d').sources.add(offered.digest);
      node.past.receive(id('d'), offer([offered], 'store'));
    }
    world.run(60_000);
    expect(node.disk.size).toBe(MAX_QUEUED_OF_STRANGER);
  });
});
