// Name records: several at one key, found together, bounded, and refused with a reason.

import { describe, expect, test } from 'vitest';
import { MAX_RECORD_BYTES, MAX_RECORDS_AT_KEY, MAX_RECORDS_OF_STORER } from '../../src/core/past/block.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, offer, outputsOf, record, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const KEY = id('51');

function ring(): World {
  const world = new World();
  world.joinAll(NAMES);
  world.run(1_000);
  return world;
}

function list(node: FakeNode, request = 1): void {
  node.past.handle({ type: 'list', request, key: KEY });
}

function listed(node: FakeNode): string[] | undefined {
  const [answer] = outputsOf(node, 'listed').slice(-1);
  return answer?.blocks.map(({ digest }) => digest).sort();
}

describe('a list of name records', () => {
  test('P24: names all records of the key and nothing else', () => {
    const world = ring();
    for (let number = 0; number < 3; number += 1) world.node('d').store(number, record('51', number));
    world.node('d').store(3, block('51'));
    world.node('d').store(4, record('52', 4));
    world.run(5_000);
    expect(world.holders(record('51', 1))).toEqual([id('4'), id('5'), id('6')]);
    for (const name of ['b', '5', '4']) {
      list(world.node(name));
      world.run(1_000);
      expect(listed(world.node(name))).toEqual([0, 1, 2].map((number) => record('51', number).digest));
    }
    expect(outputsOf(world.node('b'), 'listed')[0]).toMatchObject({ root: id('5'), route: [id('b'), id('5')] });
  });

  test('P24: of a key without records is empty', () => {
    const world = ring();
    list(world.node('b'));
    world.run(1_000);
    expect(listed(world.node('b'))).toEqual([]);
  });

  test('P24: comes from the other members too, if the root is new', () => {
    const world = ring();
    world.node('d').store(1, record('51'));
    world.run(5_000);
    const root = world.join('51');
    expect(root.disk.size).toBe(0);
    world.run(60);
    list(world.node('b'));
    world.run(60);
    world.run(200);
    expect(outputsOf(world.node('b'), 'listed')[0]?.root).toBe(id('51'));
    expect(listed(world.node('b'))).toEqual([record('51').digest]);
  });

  test('P24: is what the others say when one is silent, and fails when the root is', () => {
    const world = ring();
    world.node('d').store(1, record('51'));
    world.run(5_000);
    world.node('4').isDeaf = true;
    list(world.node('b'));
    world.run(9_000);
    expect(listed(world.node('b'))).toBe(undefined);
    world.run(2_000);
    expect(listed(world.node('b'))).toEqual([record('51').digest]);
    world.node('5').isDeaf = true;
    list(world.node('b'), 2);
    world.run(60_000);
    expect(outputsOf(world.node('b'), 'list-failed')).toEqual([
      { type: 'list-failed', request: 2, reason: 'timed-out' },
    ]);
  });

  test('P24: ends when a node that it waits for is dead, and when this node leaves', () => {
    const world = ring();
    world.node('d').store(1, record('51'));
    world.run(5_000);
    world.node('4').isDeaf = true;
    list(world.node('b'));
    world.run(500);
    world.node('b').past.nodeFailed(id('4'));
    expect(listed(world.node('b'))).toEqual([record('51').digest]);
    list(world.node('c'));
    world.node('c').past.close();
    expect(outputsOf(world.node('c'), 'list-failed')).toMatchObject([{ reason: 'left' }]);
    list(world.node('c'), 2);
    expect(outputsOf(world.node('c'), 'list-failed')).toHaveLength(2);
  });

  test('P26: has no room for what cannot be a record of the key, or was not asked for', () => {
    const world = ring();
    const node = world.node('b');
    const good = record('51', 1);
    const answer = {
      type: 'records',
      key: KEY,
      blocks: [record('52', 2), block('51'), { ...record('51', 3), size: MAX_RECORD_BYTES + 1 }, good],
      members: [],
    } as const;
    node.past.receive(id('5'), answer);
    list(node);
    node.past.receive(id('5'), answer);
    expect(listed(node)).toBe(undefined);
    world.run(52);
    node.past.receive(id('7'), answer);
    expect(listed(node)).toBe(undefined);
    const others = (): void => {
      for (const name of ['4', '6']) node.past.receive(id(name), { ...answer, blocks: [] });
    };
    node.past.receive(id('5'), answer);
    others();
    expect(listed(node)).toEqual([good.digest]);
    const many = Array.from({ length: 500 }, (_, number) => record('51', number));
    list(node, 2);
    world.run(52);
    node.past.receive(id('5'), { ...answer, blocks: many });
    others();
    expect(listed(node)).toHaveLength(MAX_RECORDS_AT_KEY);
  });

  test('P24: a root that names neither records nor members hides nothing from a node whose leaves they are', () => {
    const world = ring();
    const node = world.node('b');
    world.node('d').store(1, record('51'));
    world.run(2_000);
    list(node);
    world.run(52);
    world.node('5').isDeaf = true;
    node.past.receive(id('5'), { type: 'records', key: KEY, blocks: [], members: [] });
    world.run(500);
    expect(listed(node)).toEqual([record('51').digest]);
  });
});

test('P24: a list names first what several hold, whatever one of them makes up', () => {
  const world = ring();
  const node = world.node('b');
  const [good, better] = [record('51', 1), record('51', 2)];
  const answer = { type: 'records', key: KEY, members: [id('4'), id('6'), id('7')] } as const;
  const invented = Array.from({ length: 200 }, (_, number) => record('51', 1_000 + number));
  list(node);
  world.run(52);
  for (const name of ['4', '6', '7']) world.node(name).isDeaf = true;
  node.past.receive(id('5'), { ...answer, blocks: [...invented, better] });
  node.past.receive(id('4'), { ...answer, blocks: [good] });
  node.past.receive(id('6'), { ...answer, blocks: [better, good] });
  node.past.receive(id('7'), { ...answer, blocks: [better] });
  const digests = outputsOf(node, 'listed')[0]?.blocks.map(({ digest }) => digest) ?? [];
  expect(new Set(digests.slice(0, 2))).toEqual(new Set([good.digest, better.digest]));
  expect(digests).toHaveLength(2 + MAX_RECORDS_AT_KEY);
});

describe('name records', () => {
  const STORERS = ['1', '2', '8', '9', 'a', 'b', 'c', 'd'];

  /** As many as a key has room for, each storer as many as it may, and one more of each. */
  function storeMany(world: World): void {
    for (let number = 0; number < MAX_RECORDS_AT_KEY + STORERS.length; number += 1) {
      world.node(STORERS[number % STORERS.length] ?? '').store(number, record('51', number));
    }
    world.run(20_000);
  }

  test('P25: of one key are at most 64, also if all come at once; one too many is refused with the reason', () => {
    const world = ring();
    storeMany(world);
    for (const [index, name] of STORERS.entries()) {
      expect(outputsOf(world.node(name), 'store-failed')).toEqual([
        { type: 'store-failed', request: MAX_RECORDS_AT_KEY + index, reason: 'too-many' },
      ]);
    }
    for (const name of ['4', '5', '6']) expect(world.node(name).disk.size).toBe(MAX_RECORDS_AT_KEY);
    // What is there may be offered again, and what lives elsewhere is another matter.
    world.node('d').store(100, record('51', 0));
    world.node('d').store(101, block('51'));
    world.run(5_000);
    const completed = outputsOf(world.node('d'), 'stored').filter(({ request }) => request >= 100);
    expect(new Set(completed.map(({ request }) => request))).toEqual(new Set([100, 101]));
  });

  test('P25: of one storer are at most eight, and others find room', () => {
    const world = ring();
    for (let number = 0; number < MAX_RECORDS_AT_KEY; number += 1) world.node('d').store(number, record('51', number));
    world.run(20_000);
    expect(outputsOf(world.node('d'), 'store-failed')).toHaveLength(MAX_RECORDS_AT_KEY - MAX_RECORDS_OF_STORER);
    world.node('e').store(100, record('51', 100));
    world.run(5_000);
    expect(outputsOf(world.node('e'), 'stored').at(-1)).toMatchObject({ request: 100, complete: true });
    for (const name of ['4', '5', '6']) expect(world.node(name).disk.size).toBe(MAX_RECORDS_OF_STORER + 1);
  });

  test('P25: survive the death of their root, and are still counted', () => {
    const world = ring();
    storeMany(world);
    world.kill(world.node('5'));
    world.run(20_000);
    expect(world.node('7').past.held).toHaveLength(MAX_RECORDS_AT_KEY);
    world.node('d').store(200, record('51', 200));
    world.run(20_000);
    expect(outputsOf(world.node('d'), 'store-failed').at(-1)).toMatchObject({ request: 200, reason: 'too-many' });
  });

  test('P25: that are none are refused as malformed', () => {
    const world = ring();
    const [large, sizeless, wrong] = [1, 2, 3].map((number) => record('51', number));
    if (large === undefined || sizeless === undefined || wrong === undefined) throw new Error('not three');
    world.malformed.add(wrong.digest);
    world.node('d').store(1, { ...large, size: MAX_RECORD_BYTES + 1 });
    world.node('d').store(2, { ...sizeless, size: 0 });
    world.node('d').store(3, wrong);
    world.run(5_000);
    expect(outputsOf(world.node('d'), 'store-failed').sort((a, b) => a.request - b.request)).toEqual(
      [1, 2, 3].map((request) => ({ type: 'store-failed', request, reason: 'malformed' })),
    );
    expect(world.holders(wrong)).toEqual([]);
    world.node('5').sent.length = 0;
    world.node('5').past.receive(id('6'), offer([{ ...large, size: 9_000 }], 'replicate'));
    expect(world.node('5').sent).toEqual([
      { to: id('6'), message: { type: 'refuse', digest: large.digest, reason: 'malformed' } },
    ]);
  });
});
