// Fetching: who answers, in which order holders are tried, and how a fetch fails.

import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import { FETCH_LIMIT_MS } from '../../src/core/past/fetch-requests.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');

function ringWithFile(): World {
  const world = new World();
  world.joinAll(NAMES);
  world.run(1_000);
  world.node('d').store(1, STORED);
  world.run(5_000);
  world.node('d').sources.clear();
  return world;
}

describe('fetch', () => {
  test('P8: what is held here is read here', () => {
    const world = ringWithFile();
    world.node('4').fetch(7, STORED);
    expect(outputsOf(world.node('4'), 'fetched')).toEqual([{ type: 'fetched', request: 7, from: id('4') }]);
  });

  test('P9: any node on the route that holds it answers; one that does not lets it pass', () => {
    const world = ringWithFile();
    const payload = { kind: 'locate', block: STORED } as const;
    const route = [id('a'), id('6')];
    const answer = world.node('6').past.forward(STORED.key, payload, route);
    expect(answer).toMatchObject({ kind: 'holders', route });
    expect(answer?.kind === 'holders' && answer.holders[0]).toBe(id('6'));
    expect(world.node('7').past.forward(STORED.key, payload, route)).toBeUndefined();
    expect(world.node('6').past.forward(STORED.key, { kind: 'lookup' }, route)).toBeUndefined();
    expect(world.node('5').past.deliver(STORED.key, { kind: 'lookup' }, route)).toBeUndefined();
  });

  test('P9: a root that has just come names its neighbours', () => {
    const world = ringWithFile();
    world.join('51');
    world.node('a').fetch(7, STORED);
    world.run(1_000);
    expect(outputsOf(world.node('a'), 'fetched')).toHaveLength(1);
  });

  test('P10: it is pulled without being kept, and requests spread over the holders', () => {
    const world = ringWithFile();
    for (let request = 0; request < 3; request += 1) {
      world.node('a').fetch(request, STORED);
      world.run(1_000);
    }
    const pulls = outputsOf(world.node('a'), 'pull');
    expect(pulls.every((pull) => !pull.keep)).toBe(true);
    expect(new Set(pulls.map((pull) => pull.from))).toEqual(new Set([id('4'), id('5'), id('6')]));
    expect(outputsOf(world.node('a'), 'fetched').map(({ request }) => request)).toEqual([0, 1, 2]);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P10: who has an order already comes after those that have none', () => {
    const world = ringWithFile();
    const other = block('52');
    world.node('d').store(2, other);
    world.run(5_000);
    const reader = world.node('a');
    // By their numbers alone both would begin with the same holder.
    reader.fetch(3, STORED);
    reader.fetch(6, other);
    world.run(1_000);
    const [first, second] = outputsOf(reader, 'pull').map(({ from }) => from);
    expect(second).not.toBe(first);
    expect(outputsOf(reader, 'fetched')).toHaveLength(2);
  });

  test('P10: holders that say nothing are passed over, and the last one that is left is waited for', () => {
    const world = ringWithFile();
    for (const name of ['4', '5']) world.node(name).gives = 'no word';
    world.node('a').fetch(0, STORED);
    world.run(5_000);
    const pulls = outputsOf(world.node('a'), 'pull');
    expect(pulls.map(({ hurry }) => hurry)).toEqual(pulls.map(() => true));
    expect(outputsOf(world.node('a'), 'fetched')).toMatchObject([{ from: id('6') }]);

    world.node('6').gives = 'no word';
    world.node('b').fetch(1, STORED);
    world.run(20_000);
    const asked = outputsOf(world.node('b'), 'pull');
    expect(asked.at(-1)).toMatchObject({ hurry: false });
    expect(outputsOf(world.node('b'), 'fetch-failed')).toEqual([]);
  });

  test('P10: requests for one digest share one pull', () => {
    const world = ringWithFile();
    world.node('a').fetch(1, STORED);
    world.node('a').fetch(2, STORED);
    world.run(1_000);
    expect(outputsOf(world.node('a'), 'pull')).toHaveLength(1);
    expect(outputsOf(world.node('a'), 'fetched').map(({ request }) => request)).toEqual([1, 2]);
  });

  test('P10: a block of unknown size is fetched like any other', () => {
    const world = ringWithFile();
    world.node('a').fetch(1, { ...STORED, size: 0 });
    world.run(1_000);
    expect(outputsOf(world.node('a'), 'fetched')).toHaveLength(1);
  });

  describe('P73: what a fetch brings while it waits to be kept here', () => {
    /** A newcomer that is to keep twenty blocks, knows it, and has got some of them. */
    function ringWithNewcomer(): { world: World; newcomer: FakeNode; blocks: BlockRef[] } {
      const world = ringWithFile();
      const blocks = Array.from({ length: 20 }, (_, index) => block(`50${index.toString(16).padStart(2, '0')}`));
      for (const [request, each] of blocks.entries()) world.node('d').store(100 + request, each);
      world.run(10_000);
      world.join('501');
      world.run(300);
      return { world, newcomer: world.node('501'), blocks };
    }

    const pullsFrom = (newcomer: FakeNode, isHere: boolean, { digest }: BlockRef): number =>
      outputsOf(newcomer, 'pull').filter(
        ({ from, block }) => block.digest === digest && (from === newcomer.nodeId) === isHere,
      ).length;

    test('is kept without coming again', () => {
      const { world, newcomer, blocks } = ringWithNewcomer();
      const waiting = blocks.filter(({ digest }) => !newcomer.disk.has(digest));
      expect(waiting.length).toBeGreaterThan(10);
      for (const [request, each] of waiting.entries()) newcomer.fetch(200 + request, each);
      world.run(10_000);
      expect(outputsOf(newcomer, 'fetched')).toHaveLength(waiting.length);
      expect(blocks.filter(({ digest }) => !newcomer.disk.has(digest))).toEqual([]);
      expect(blocks.map((each) => pullsFrom(newcomer, false, each))).toEqual(blocks.map(() => 1));
      expect(blocks.map((each) => pullsFrom(newcomer, true, each))).toContain(1);
    });

    test('comes from who offered it where the bytes are gone by then, and nobody is blamed', () => {
      const { world, newcomer, blocks } = ringWithNewcomer();
      newcomer.forgetsWhatCame = true;
      for (const [request, each] of blocks.entries()) newcomer.fetch(200 + request, each);
      world.run(10_000);
      expect(blocks.filter(({ digest }) => !newcomer.disk.has(digest))).toEqual([]);
      expect(blocks.map((each) => pullsFrom(newcomer, true, each))).toContain(1);
      expect(outputsOf(newcomer, 'misdeed')).toEqual([]);
    });
  });

  test('P10: a fetch of what is just being kept reads it from the disk', () => {
    const world = ringWithFile();
    const newcomer = world.join('52');
    world.run(300);
    newcomer.fetch(7, STORED);
    world.run(1_000);
    expect(newcomer.disk.has(STORED.digest)).toBe(true);
    expect(outputsOf(newcomer, 'fetched')).toEqual([{ type: 'fetched', request: 7, from: id('52') }]);
  });

  describe('P71: a holder that is slow', () => {
    const HOLDERS = ['4', '5', '6'];

    /** A node that has just had the block of each of its holders. */
    function readerOf(world: World): FakeNode {
      const reader = world.node('a');
      for (const name of HOLDERS) {
        for (const other of HOLDERS) world.node(other).gives = other === name ? 'bytes' : 'nothing';
        reader.fetch(100, STORED);
        world.run(500);
      }
      expect(new Set(outputsOf(reader, 'fetched').map(({ from }) => from)).size).toBe(HOLDERS.length);
      reader.outputs.length = 0;
      return reader;
    }

    /** Begins to fetch the block from a holder that will not be done with it: its id. From then on the others give `rest`. */
    function slowFetch(world: World, reader: FakeNode, rest: FakeNode['gives']): NodeId | undefined {
      for (const name of HOLDERS) world.node(name).gives = 'no end';
      reader.fetch(0, STORED);
      world.run(100);
      const slow = outputsOf(reader, 'pull').at(-1)?.from;
      for (const name of HOLDERS) if (id(name) !== slow) world.node(name).gives = rest;
      return slow;
    }

    test('is overtaken by one that gave its last blocks faster', () => {
      const world = ringWithFile();
      const reader = readerOf(world);
      const slow = slowFetch(world, reader, 'bytes');
      world.run(1_000);
      expect(outputsOf(reader, 'pull')).toMatchObject([{ from: slow }, { hurry: true, keep: false }]);
      expect(outputsOf(reader, 'fetched')).toHaveLength(1);
      expect(outputsOf(reader, 'stop-pull')).toMatchObject([{ from: slow }]);
    });

    test('is waited for as long as nobody is known to be faster', () => {
      const world = ringWithFile();
      const reader = world.node('b');
      const slow = slowFetch(world, reader, 'bytes');
      world.run(4_000);
      expect(outputsOf(reader, 'pull')).toMatchObject([{ from: slow }]);
      world.run(4_000);
      expect(outputsOf(reader, 'fetched')).toHaveLength(1);
    });

    test('still gives the block if others fail, who are doubted if they lied', () => {
      const world = ringWithFile();
      const reader = readerOf(world);
      const slow = slowFetch(world, reader, 'wrong bytes') ?? reader.nodeId;
      world.run(3_000);
      const liars = HOLDERS.map((name) => id(name)).filter((name) => name !== slow);
      expect(outputsOf(reader, 'misdeed').map(({ nodeId }) => nodeId)).toEqual(expect.arrayContaining(liars));
      expect(outputsOf(reader, 'stop-pull')).toEqual([]);
      reader.past.handle({ type: 'block-arrived', from: slow, digest: STORED.digest, kept: false });
      expect(outputsOf(reader, 'fetched')).toMatchObject([{ from: slow }]);
    });

    test('leaves the other one to give the block if it dies', () => {
      const world = ringWithFile();
      const reader = readerOf(world);
      const slow = slowFetch(world, reader, 'no end') ?? reader.nodeId;
      world.run(700);
      const [, rival] = outputsOf(reader, 'pull');
      reader.past.nodeFailed(slow);
      world.run(100);
      expect(outputsOf(reader, 'pull')).toHaveLength(2);
      reader.past.handle({ type: 'block-arrived', from: rival?.from ?? slow, digest: STORED.digest, kept: false });
      expect(outputsOf(reader, 'fetched')).toMatchObject([{ from: rival?.from }]);
    });

    test('does not make two blocks at once be asked for twice', () => {
      const world = ringWithFile();
      const others = ['52', '53'].map((name) => block(name));
      for (const [index, other] of others.entries()) world.node('d').store(index + 2, other);
      world.run(5_000);
      const reader = readerOf(world);
      for (const name of HOLDERS) world.node(name).gives = 'no end';
      const wanted = [STORED, ...others];
      for (const [index, each] of wanted.entries()) reader.fetch(index, each);
      world.run(1_400);
      const asked = wanted.map(
        ({ digest }) => outputsOf(reader, 'pull').filter((pull) => pull.block.digest === digest).length,
      );
      expect(asked.toSorted()).toEqual([1, 1, 2]);
    });
  });

  test('P11: a corrupt copy is passed over, its holder told, and the copy replaced', () => {
    const world = ringWithFile();
    const copy = world.node('5').disk.get(STORED.digest);
    if (copy !== undefined) copy.isCorrupt = true;
    world.node('a').fetch(0, STORED);
    world.run(100);
    expect(outputsOf(world.node('a'), 'pull')[0]?.from).toBe(id('5'));
    world.run(5_000);
    expect(outputsOf(world.node('a'), 'fetched')).toHaveLength(1);
    expect(outputsOf(world.node('5'), 'verify')).toHaveLength(1);
    expect(world.node('5').disk.get(STORED.digest)?.isCorrupt).toBe(false);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P11: if all copies are corrupt, the fetch says so', () => {
    const world = ringWithFile();
    for (const name of ['4', '5', '6']) {
      const copy = world.node(name).disk.get(STORED.digest);
      if (copy !== undefined) copy.isCorrupt = true;
    }
    world.node('a').fetch(0, STORED);
    world.run(10_000);
    expect(outputsOf(world.node('a'), 'fetch-failed')).toMatchObject([{ reason: 'corrupt' }]);
  });

  test('P12: an unknown block is not found, after three rounds', () => {
    const world = ringWithFile();
    world.node('a').fetch(3, block('99'));
    world.run(10_000);
    expect(outputsOf(world.node('a'), 'fetch-failed')).toEqual([
      { type: 'fetch-failed', request: 3, reason: 'not-found' },
    ]);
  });

  test('P12: without any answer it times out', () => {
    const world = ringWithFile();
    world.node('5').isDeaf = true;
    world.node('a').fetch(3, block('51', 99));
    world.run(FETCH_LIMIT_MS);
    expect(outputsOf(world.node('a'), 'fetch-failed')).toMatchObject([{ reason: 'timed-out' }]);
  });

  test('P12: a holder that dies while it sends is left for the next', () => {
    const world = ringWithFile();
    world.node('7').fetch(0, STORED);
    world.run(60);
    const from = outputsOf(world.node('7'), 'pull')[0]?.from;
    expect(from).toBe(id('5'));
    world.kill(world.node('5'));
    world.run(10_000);
    expect(outputsOf(world.node('7'), 'fetched')).toHaveLength(1);
  });
});
