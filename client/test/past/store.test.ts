// Storing: where copies go, when the storer hears of them, and what happens when the root does not do its part.

import { describe, expect, test } from 'vitest';
import { STORE_SILENCE_MS } from '../../src/core/past/store-requests.ts';
import { block, id, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

function ringOf(names: readonly string[] = NAMES): World {
  const world = new World();
  world.joinAll(names);
  world.run(1_000);
  return world;
}

describe('store', () => {
  test('P3: the copies are on exactly the k closest nodes, and the storer keeps none', () => {
    const world = ringOf();
    const stored = block('51');
    world.node('d').store(1, stored);
    world.run(5_000);
    expect(world.holders(stored)).toEqual([id('4'), id('5'), id('6')]);
    world.run(600_000);
    expect(world.holders(stored)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P3: the storer sends the block once, to the root', () => {
    const world = ringOf();
    const stored = block('51');
    world.node('d').store(1, stored);
    world.run(5_000);
    const pulls = [...world.nodes.values()].flatMap((node) => outputsOf(node, 'pull'));
    expect(pulls.map((pull) => pull.from).sort()).toEqual([id('5'), id('5'), id('d')]);
  });

  test('P4: the first report comes with a quorum, the last with all copies', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    world.node('4').isDeaf = true;
    world.run(5_000);
    const [first, ...more] = outputsOf(storer, 'stored');
    expect(first).toMatchObject({ request: 1, root: id('5'), route: [id('d'), id('5')], complete: false });
    expect(first?.holders).toEqual([id('5'), id('6')]);
    expect(more).toEqual([]);
    world.node('4').isDeaf = false;
    world.run(70_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ holders: [id('5'), id('6'), id('4')], complete: true });
    expect(outputsOf(storer, 'store-failed')).toEqual([]);
  });

  test('P4: without a quorum there is no report', () => {
    const world = ringOf();
    const storer = world.node('d');
    world.node('4').isDeaf = true;
    world.node('6').isDeaf = true;
    storer.store(1, block('51'));
    world.run(50_000);
    expect(outputsOf(storer, 'stored')).toEqual([]);
    expect(outputsOf(storer, 'store-failed')).toEqual([]);
  });

  test('P4: a node alone stores at itself', () => {
    const world = ringOf(['7']);
    world.node('7').store(1, block('51'));
    world.run(1_000);
    expect(outputsOf(world.node('7'), 'pull')).toEqual([
      { type: 'pull', from: id('7'), block: block('51'), keep: true, hurry: false },
    ]);
    expect(outputsOf(world.node('7'), 'stored')).toMatchObject([{ root: id('7'), holders: [id('7')], complete: true }]);
  });

  test('P4: two nodes want two copies, later three nodes get three', () => {
    const world = ringOf(['3', '7']);
    world.node('7').store(1, block('31'));
    world.run(1_000);
    expect(outputsOf(world.node('7'), 'stored').at(-1)).toMatchObject({ holders: [id('3'), id('7')], complete: true });
    world.join('c');
    world.run(1_000);
    expect(world.holders(block('31'))).toEqual([id('3'), id('7'), id('c')]);
  });

  test('P4: when the ring shrinks during a store, fewer copies complete it', () => {
    const world = ringOf(['3', '5', '7', '9']);
    for (const name of ['3', '5', '9']) world.kill(world.node(name));
    world.node('7').store(1, block('71'));
    world.run(500);
    expect(outputsOf(world.node('7'), 'stored')).toEqual([]);
    world.run(1_500);
    expect(outputsOf(world.node('7'), 'stored')).toMatchObject([{ holders: [id('7')], complete: true }]);
  });

  test('P4: requests for the same digest share the work and each get the answer', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    storer.store(2, block('51'));
    world.run(5_000);
    expect(new Set(outputsOf(storer, 'stored').map((output) => output.request))).toEqual(new Set([1, 2]));
    expect(storer.sent.filter(({ message }) => message.type === 'offer')).toHaveLength(1);
    storer.store(3, block('51'));
    world.run(1_000);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ request: 3, complete: true });
  });

  test('P5: a root that is silent is left for another, once the ring has one', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    world.run(30);
    world.kill(world.node('5'));
    world.run(30_000);
    expect(world.holders(block('51'))).toEqual([id('4'), id('6'), id('7')]);
    expect(outputsOf(storer, 'stored').at(-1)).toMatchObject({ root: id('6'), complete: true });
  });

  test('P5: a root that dies after the quorum has its place taken', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    world.node('4').isDeaf = true;
    world.run(1_000);
    expect(outputsOf(storer, 'stored')).toHaveLength(1);
    world.kill(world.node('5'));
    world.node('4').isDeaf = false;
    world.run(30_000);
    expect(world.holders(block('51'))).toEqual([id('4'), id('6'), id('7')]);
  });

  test('P5: the storer may die after the quorum', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    world.run(200);
    expect(outputsOf(storer, 'stored').length).toBeGreaterThan(0);
    world.kill(storer);
    world.run(10_000);
    expect(world.holders(block('51'))).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P5: the storer may be killed together with the root after the quorum', () => {
    const world = ringOf();
    const storer = world.node('d');
    storer.store(1, block('51'));
    world.node('4').isDeaf = true;
    world.run(200);
    expect(outputsOf(storer, 'stored')).toHaveLength(1);
    world.kill(storer);
    world.kill(world.node('5'));
    world.node('4').isDeaf = false;
    world.run(10_000);
    expect(world.holders(block('51'))).toEqual([id('4'), id('6'), id('7')]);
  });

  test('P5: when nobody but the storer takes part, the store fails', () => {
    const world = ringOf(['3', '7']);
    const storer = world.node('7');
    world.node('3').isDeaf = true;
    storer.store(1, block('31'));
    world.run(STORE_SILENCE_MS + 120_000);
    expect(outputsOf(storer, 'store-failed')).toEqual([{ type: 'store-failed', request: 1, reason: 'timed-out' }]);
    world.run(600_000);
    expect(outputsOf(storer, 'store-failed')).toHaveLength(1);
  });

  test.each([['4'], ['5'], ['4', '5']])('P6: members without room cost no copy, be one the root: %s', (...full) => {
    const world = ringOf();
    for (const name of full) world.node(name).isFull = true;
    world.node('d').store(1, block('51'));
    world.run(20_000);
    const [last] = outputsOf(world.node('d'), 'stored').slice(-1);
    expect(last).toMatchObject({ complete: true });
    expect(last?.holders.filter((nodeId) => full.includes(nodeId))).toEqual([]);
    expect([...(last?.holders ?? [])].sort()).toEqual(world.holders(block('51')));
  });

  test('P6: where no member has room, the store fails, and says what there is around', () => {
    const world = ringOf();
    for (const name of ['4', '5', '6']) world.node(name).isFull = true;
    for (const node of world.nodes.values()) node.past.handle({ type: 'room', freeBytes: 1_000_000 });
    world.node('d').store(1, block('51'));
    world.run(20_000);
    const room = { nodes: world.nodes.size, freeBytes: world.nodes.size * 1_000_000 };
    expect(outputsOf(world.node('d'), 'store-failed')).toMatchObject([{ request: 1, reason: 'full', room }]);
  });

  test('P6: in a ring of two, one without room fails the store', () => {
    const world = ringOf(['3', '7']);
    world.node('3').isFull = true;
    world.node('7').store(1, block('31'));
    world.run(5_000);
    expect(outputsOf(world.node('7'), 'store-failed')).toMatchObject([{ reason: 'full' }]);
  });

  test('P7: a storer in the replica set takes its copy from itself', () => {
    const world = ringOf();
    world.node('4').store(1, block('51'));
    world.run(5_000);
    expect(outputsOf(world.node('4'), 'pull')).toMatchObject([{ from: id('4'), keep: true }]);
    expect(world.holders(block('51'))).toEqual([id('4'), id('5'), id('6')]);
    expect(outputsOf(world.node('4'), 'stored').at(-1)).toMatchObject({ complete: true });
  });

  test('P7: a storer that is the root takes its copy from itself and places the others', () => {
    const world = ringOf();
    world.node('5').store(1, block('51'));
    world.run(5_000);
    expect(outputsOf(world.node('5'), 'pull')).toMatchObject([{ from: id('5'), keep: true }]);
    expect(world.holders(block('51'))).toEqual([id('4'), id('5'), id('6')]);
    expect(outputsOf(world.node('5'), 'stored').at(-1)).toMatchObject({ root: id('5'), complete: true });
  });

  test('P1: copies go to distinct devices, and to tabs of one device when there is no other', () => {
    const world = new World();
    for (const name of ['1', '2', '3', '4', '5', '6']) world.join(name, { device: 'laptop' });
    world.join('e', { device: 'phone' });
    world.run(1_000);
    world.node('1').store(1, block('31'));
    world.run(40_000);
    expect(world.holders(block('31'))).toEqual([id('3'), id('4'), id('e')]);
  });
});
