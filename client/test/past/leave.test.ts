// A graceful leave: hand over first, but not for ever.

import { describe, expect, test } from 'vitest';
import { DROP_GRACE_MS } from '../../src/core/past/drop-judgement.ts';
import { LEAVE_LIMIT_MS } from '../../src/core/past/leaving.ts';
import { block, id, offer, outputsOf, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');

function ringWithFile(names = NAMES): World {
  const world = new World();
  world.joinAll(names);
  world.run(1_000);
  world.node(names.at(-1) ?? '').store(1, STORED);
  world.run(2_000);
  return world;
}

describe('leave', () => {
  test.each([
    ['5', ['4', '6', '7']],
    ['4', ['5', '6', '7']],
  ])('P21: the next in line has its copy before %s is gone, and keeps it', (name, heirs) => {
    const world = ringWithFile();
    const leaver = world.node(name);
    const expected = heirs.map((heir) => id(heir));
    world.leave(leaver);
    expect(world.nodes.has(leaver.nodeId)).toBe(true);
    for (let ms = 0; ms < 500 && world.nodes.has(id(name)); ms += 1) world.run(1);
    expect(world.nodes.has(leaver.nodeId)).toBe(false);
    expect(world.holders(STORED)).toEqual(expected);
    const pulls = outputsOf(world.node('7'), 'pull').length;
    world.run(5 * 60_000);
    expect(world.holders(STORED)).toEqual(expected);
    expect(outputsOf(world.node('7'), 'pull')).toHaveLength(pulls);
  });

  test('P21: all k holders leave one after the other, and nothing is lost', () => {
    const world = ringWithFile();
    for (const name of ['5', '4', '6']) {
      world.leave(world.node(name));
      world.run(1_000);
    }
    world.run(2 * 60_000);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P21: the last copy is handed over by a node that leaves', () => {
    const world = ringWithFile();
    const names = ['4', '5', '6'];
    for (const name of names.slice(1)) world.node(name).disk.clear();
    const disk = world.node('4').disk;
    for (const name of names) world.kill(world.node(name));
    world.run(2_000);
    const back = world.join('4', { disk });
    world.run(60);
    world.leave(back);
    world.run(2 * DROP_GRACE_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P21: a node that holds a far block gives it to the root first', () => {
    const world = new World({ leafSetSize: 8 });
    world.joinAll(NAMES.filter((name) => name !== 'd'));
    const far = world.join('d', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    world.run(100);
    world.leave(far);
    world.run(2_000);
    expect(world.nodes.has(id('d'))).toBe(false);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P21: a neighbour that does not answer holds nobody up for ever', () => {
    const world = ringWithFile();
    const leaver = world.node('5');
    world.node('7').isDeaf = true;
    world.leave(leaver);
    world.run(LEAVE_LIMIT_MS - 1_000);
    expect(world.nodes.has(leaver.nodeId)).toBe(true);
    world.run(1_000);
    expect(world.nodes.has(leaver.nodeId)).toBe(false);
  });

  test('P21: who holds nothing, or is alone, is done at once', () => {
    const world = ringWithFile();
    world.leave(world.node('a'));
    expect(world.nodes.has(id('a'))).toBe(false);
    const lonely = new World();
    lonely.join('1');
    lonely.node('1').store(1, STORED);
    lonely.run(1_000);
    lonely.leave(lonely.node('1'));
    expect(lonely.nodes.size).toBe(0);
  });

  test('P21: a leave waits for the quorum of its own stores', () => {
    const world = ringWithFile();
    const storer = world.node('5');
    storer.store(2, block('52'));
    world.leave(storer);
    world.run(LEAVE_LIMIT_MS - 1_000);
    expect(outputsOf(storer, 'stored')[0]).toMatchObject({ request: 2 });
    expect(world.nodes.has(storer.nodeId)).toBe(false);
    world.run(60_000);
    expect(world.holders(block('52'))).toEqual(world.expectedHolders(block('52')));
  });

  test("P21: open requests fail with 'left', later ones too, and nothing is accepted any more", () => {
    const world = ringWithFile();
    const leaver = world.node('5');
    leaver.fetch(8, block('99'));
    leaver.past.close();
    leaver.fetch(9, STORED);
    leaver.store(10, STORED);
    expect(outputsOf(leaver, 'fetch-failed').map(({ request, reason }) => [request, reason])).toEqual([
      [8, 'left'],
      [9, 'left'],
    ]);
    expect(outputsOf(leaver, 'store-failed').map(({ request, reason }) => [request, reason])).toEqual([[10, 'left']]);
    const sentBefore = leaver.sent.length;
    leaver.past.receive(id('4'), offer([block('53')], 'replicate'));
    world.run(10 * 60_000);
    expect(leaver.sent).toHaveLength(sentBefore);
  });
});
