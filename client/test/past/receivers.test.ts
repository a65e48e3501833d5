// Who has fetched a block, named beside its holders where many want it.

import { expect, test } from 'vitest';
import { block, id, outputsOf, World } from './world.ts';

const STORED = block('51');
const MINUTE_MS = 60_000;

function ringWithFile(): World {
  const world = new World();
  world.joinAll(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f']);
  world.run(1_000);
  world.node('d').store(1, STORED);
  world.run(5_000);
  world.node('d').sources.clear();
  return world;
}

/** Whom the root names that holds no copy. */
function namedBeside(world: World): readonly string[] {
  const answer = world.node('5').past.deliver(STORED.key, { kind: 'locate', block: STORED }, [id('9'), id('5')]);
  const holders = answer?.kind === 'holders' ? answer.holders : [];
  return holders.filter((holder) => !world.holders(STORED).includes(holder));
}

function given(world: World, ...names: readonly string[]): void {
  for (const name of names) world.node('5').past.handle({ type: 'given', to: id(name), digest: STORED.digest });
}

test('P74: the two latest to whom a block was given are named, for four minutes', () => {
  const world = ringWithFile();
  expect(namedBeside(world)).toEqual([]);
  given(world, '1', '2', 'a');
  expect(namedBeside(world)).toEqual([id('2'), id('a')]);
  given(world, '1');
  expect(namedBeside(world)).toEqual([id('a'), id('1')]);
  world.run(3.9 * MINUTE_MS);
  expect(namedBeside(world)).toEqual([id('a'), id('1')]);
  world.run(0.2 * MINUTE_MS);
  expect(namedBeside(world)).toEqual([]);
});

test('P74: nobody is named for one who has got it, nor members, who are gone, or who is not believed', () => {
  const world = ringWithFile();
  given(world, '1', '1', '4', '6');
  expect(namedBeside(world)).toEqual([]);
  given(world, '2', 'a', 'b');
  world.leave(world.node('b'));
  world.run(1_000);
  expect(namedBeside(world)).toEqual([id('2'), id('a')]);
});

test('P74: where no holder gives it in time, it comes from who has fetched it', () => {
  const world = ringWithFile();
  for (const name of ['4', '5', '6']) {
    for (const to of ['1', '2']) world.node(name).past.handle({ type: 'given', to: id(to), digest: STORED.digest });
    world.node(name).gives = 'no word';
  }
  world.node('2').sources.add(STORED.digest);
  world.node('9').fetch(1, STORED);
  world.run(10_000);
  expect(outputsOf(world.node('9'), 'fetched')).toMatchObject([{ from: id('2') }]);
  // What it has is no copy to be counted on.
  expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
});
