// What a node knows of who else holds what it holds: what it says its going would cost rests on that.

import { describe, expect, test } from 'vitest';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import { block, id, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');
const [ROOT, DOUBTED, MEMBER, NEXT] = ['5', '6', '4', '7'];

describe('holdings', () => {
  test('P40: a copy that the root alone counts on knows of the others', () => {
    const world = new World();
    world.joinAll(NAMES);
    world.run(1_000);
    world.node('d').store(1, STORED);
    world.run(60_000);
    expect(world.holders(STORED)).toEqual([id(MEMBER), id(ROOT), id(DOUBTED)].sort());
    // No proof of this member's comes to the root, which believes it no longer and has the next in line hold the block.
    world.node(ROOT).hears = (from, message) => from === id(DOUBTED) && message.type === 'proof';
    while (!world.node(NEXT).disk.has(STORED.digest) && world.now < 60 * 60_000) world.run(10_000);
    expect(outputsOf(world.node(ROOT), 'misdeed').length).toBeGreaterThan(1);
    expect(world.holders(STORED)).toContain(id(NEXT));
    world.run(ROUND_MS + 5_000);
    for (let minutes = 0; minutes < 6; minutes += 1) {
      const others =
        world
          .node(NEXT)
          .past.holdings()
          .find((one) => one.block.digest === STORED.digest)?.others ?? [];
      expect(others.map(({ nodeId }) => nodeId)).toEqual(expect.arrayContaining([id(ROOT), id(MEMBER)]));
      world.run(ROUND_MS);
    }
  });

  test('P40: for a while after a start, and a change around, more may hold it than have said so', () => {
    const world = new World();
    world.joinAll(['4', '5', '6', '9']);
    world.run(1_000);
    world.node('9').store(1, STORED);
    world.run(60_000);
    const again = world.reload(world.node('5'));
    const holding = () => again.past.holdings().map(({ others, isNew }) => [others.length, isNew]);
    expect(holding()).toEqual([[0, true]]);
    world.run(15_000);
    expect(holding()).toEqual([[2, false]]);
    world.kill(world.node('4'));
    world.run(2_000);
    expect(holding()[0]?.[1]).toBe(true);
    world.run(15_000);
    expect(holding()).toEqual([[2, false]]);
    // What it says when it has gone is final.
    world.kill(world.node('6'));
    world.run(2_000);
    again.status = 'left';
    expect(holding()[0]?.[1]).toBe(false);
  });
});
