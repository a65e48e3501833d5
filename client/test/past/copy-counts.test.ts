// The copies of watched blocks, counted as they are: by each holder's own word, and again after each change.

import { describe, expect, it } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, MESSAGE_MS, outputsOf, World } from './world.ts';

const BLOCK = block('50');
/** By then the ring knows of a death, and whoever counts has counted. */
const SOON_MS = 2_500;
const ROUND_MS = 61_000;
/** After a change. */
const LOOK_MS = 100;

describe('P37: copies are counted by each holder’s own word', () => {
  it('of a block that is held here, through deaths, departures and newcomers', () => {
    const world = new World();
    const [storer] = world.joinAll(['50']);
    if (storer === undefined) throw new Error('no storer');
    store(world, storer);
    expect(counted(storer)).toEqual(['50']);
    const [second, third] = world.joinAll(['51', '52']);
    world.run(SOON_MS);
    expect(counted(storer)).toEqual(['50', '51', '52']);
    world.kill(world.node('51'));
    world.run(SOON_MS);
    expect(counted(storer)).toEqual(['50', '52']);
    if (third !== undefined) world.leave(third);
    world.run(SOON_MS);
    expect(counted(storer)).toEqual(['50']);
    expect(second?.nodeId).toBe(id('51'));
  });

  it('of a block that others hold, with the devices of these, through the same', () => {
    const { world, storer } = farStorer();
    expect(counted(storer)).toEqual(['50', '51', '52']);
    world.kill(world.node('50'));
    world.run(DEATH_AND_REPAIR_MS);
    expect(counted(storer)).toEqual(['51', '52', '60']);
    world.kill(world.node('51'));
    world.kill(world.node('52'));
    world.kill(world.node('60'));
    world.run(DEATH_AND_REPAIR_MS);
    expect(counted(storer)).toEqual([]);
  });

  it('copies on one device are told as such', () => {
    const world = new World();
    world.join('50', { device: 'one' });
    world.join('51', { device: 'one' });
    const storer = world.join('52', { device: 'one' });
    store(world, storer);
    expect(holders(storer).map(({ device }) => device)).toEqual(['one', 'one', 'one']);
  });

  it('a node that begins anew counts again, and says nothing until it knows', () => {
    const { world, storer } = farStorer();
    const again = world.reload(storer);
    again.past.handle({ type: 'watch', block: BLOCK });
    // Its questions are under way.
    world.run(LOOK_MS + MESSAGE_MS);
    expect(questions(again)).toBe(3);
    expect(outputsOf(again, 'counted')).toEqual([]);
    world.run(SOON_MS);
    expect(counted(again)).toEqual(['50', '51', '52']);
  });

  it('a block that is nowhere is told as such', () => {
    const world = new World();
    const [node] = world.joinAll(['50', '51', '52']);
    node?.past.handle({ type: 'watch', block: BLOCK });
    world.run(SOON_MS);
    expect(node === undefined ? [] : outputsOf(node, 'counted')).toEqual([
      { type: 'counted', digest: BLOCK.digest, holders: [] },
    ]);
  });

  it('nobody’s word about others counts, nor an answer that nobody asked for', () => {
    const { world, storer } = farStorer();
    const holds = { type: 'holds', digests: [BLOCK.digest], missing: [], pointers: [], receipts: [] } as const;
    storer.past.receive(id('a0'), { ...holds, members: [id('a0'), id('b0')] });
    world.run(SOON_MS);
    expect(counted(storer)).toEqual(['50', '51', '52']);
  });

  it('who is silent twice in a row is not counted, and is again once it answers', () => {
    const { world, storer } = farStorer();
    world.node('51').isDeaf = true;
    world.run(3 * ROUND_MS);
    expect(counted(storer)).toEqual(['50', '52']);
    world.node('51').isDeaf = false;
    world.run(2 * ROUND_MS);
    // Meanwhile the next in line has a copy.
    expect(counted(storer)).toEqual(['50', '51', '52', '60']);
  });

  it('a holder that denies what it said it has is offered the block again, and counted then', () => {
    const world = new World();
    const [storer] = world.joinAll(['50', '51', '52']);
    if (storer === undefined) throw new Error('no storer');
    store(world, storer);
    world.node('51').past.handle({ type: 'block-lost', digest: BLOCK.digest });
    world.node('51').disk.delete(BLOCK.digest);
    world.run(SOON_MS);
    expect(counted(storer)).toEqual(['50', '51', '52']);
    expect(world.holders(BLOCK)).toEqual(['5000', '5100', '5200']);
  });

  it('who cannot show a copy that it claims is not counted', () => {
    const world = new World();
    const [storer] = world.joinAll(['50', '51', '52']);
    if (storer === undefined) throw new Error('no storer');
    world.node('51').keepsNothing = true;
    store(world, storer);
    for (let waited = 0; waited < 30_000 && world.misdeedsOf('51').length === 0; waited += LOOK_MS) world.run(LOOK_MS);
    world.run(LOOK_MS);
    expect(counted(storer)).toEqual(['50', '52']);
    // It claims it again, until it is not believed.
    world.run(30_000);
    expect(counted(storer)).toEqual(['50', '52']);
    world.run(60_000);
    expect(counted(storer)).toEqual(['50', '52']);
  });
});

describe('P38: counting is cheap where nothing changes', () => {
  it('a complete block is asked about once a minute, and none that is no longer watched', () => {
    const { world, storer } = farStorer();
    world.run(10 * ROUND_MS);
    const before = questions(storer);
    world.run(10 * ROUND_MS);
    expect(questions(storer) - before).toBeLessThanOrEqual(10 * 3 + 3);
    storer.past.handle({ type: 'unwatch', digest: BLOCK.digest });
    const after = questions(storer);
    world.run(10 * ROUND_MS);
    expect(questions(storer)).toBe(after);
  });

  it('a thousand blocks are asked about in lists, ten blocks a second at most in the long run', () => {
    const world = new World();
    world.joinAll(['50', '51', '52']);
    const storer = world.join('f0');
    const blocks = Array.from({ length: 1_000 }, (_, number) => block('50', number));
    for (const one of blocks) {
      for (const name of ['50', '51', '52']) {
        world.node(name).disk.set(one.digest, { block: one, isCorrupt: false });
        world.node(name).past.handle({ type: 'start', sponsor: undefined, held: [one], leased: [] });
      }
      storer.past.handle({ type: 'watch', block: one });
    }
    world.run(ROUND_MS);
    expect(new Set(outputsOf(storer, 'counted').map(({ digest }) => digest)).size).toBe(1_000);
    const before = askedDigests(storer);
    world.run(10 * ROUND_MS);
    expect(askedDigests(storer) - before).toBeLessThanOrEqual(3 * 11 * 610);
    expect(
      Math.max(...storer.sent.map(({ message }) => (message.type === 'holds?' ? message.digests.length : 0))),
    ).toBe(200);
  });

  it('P70: nor does a leaf set do that reaches to the root and not to the other members', () => {
    const world = new World({ leafSetSize: 4 });
    world.joinAll(['10', '20', '30', '3e', '3f', '40', '60', '70', '80', '90', 'a0', 'b0', 'c0', 'd0']);
    world.run(SOON_MS);
    const beside = block('41');
    store(world, world.node('d0'), beside);
    const counter = world.node('70');
    expect(counter.covers(beside.key)).toBe(true);
    counter.past.handle({ type: 'watch', block: beside });
    world.run(SOON_MS);
    expect(counted(counter)).toEqual(['3e', '3f', '40']);
  });

  it('beyond the leaf set the root is asked, and names the others, whose receipts tell their devices', () => {
    const world = new World({ leafSetSize: 4 });
    const names = ['10', '20', '30', '40', '50', '60', '70', '80', '90', 'a0', 'b0', 'c0', 'd0', 'e0'];
    world.joinAll(names);
    world.run(SOON_MS);
    const storer = world.node('d0');
    store(world, storer);
    expect(storer.covers(BLOCK.key)).toBe(false);
    const again = world.reload(storer);
    world.run(SOON_MS);
    again.past.handle({ type: 'watch', block: BLOCK });
    world.run(SOON_MS);
    expect(counted(again)).toEqual(['40', '50', '60']);
    expect(
      holders(again)
        .map(({ device }) => device)
        .sort(),
    ).toEqual(['device of 40', 'device of 50', 'device of 60']);
    const before = questions(again);
    world.run(10 * ROUND_MS);
    expect(questions(again) - before).toBeLessThanOrEqual(6);
    world.kill(world.node('40'));
    world.run(11 * ROUND_MS);
    expect(counted(again)).toHaveLength(3);
    expect(counted(again)).not.toContain('40');
  });

  it('past a far root that denies its copy and names nobody', () => {
    const world = new World({ leafSetSize: 4 });
    const names = ['10', '20', '30', '40', '50', '60', '70', '80', '90', 'a0', 'b0', 'c0', 'd0', 'e0'];
    world.joinAll(names);
    world.run(SOON_MS);
    store(world, world.node('d0'));
    const root = world.node('50');
    root.hears = (from, message) => {
      if (message.type !== 'holds?') return false;
      const nothing = { digests: [], pointers: [], receipts: [], members: [] };
      root.send(from, { type: 'holds', missing: message.digests, ...nothing });
      return true;
    };
    const again = world.reload(world.node('d0'));
    world.run(SOON_MS);
    again.past.handle({ type: 'watch', block: BLOCK });
    world.run(30_000);
    expect(counted(again)).toEqual(['40', '60']);
  });

  it('of a block that is nowhere, near or far, all places are asked again and again, ever more seldom', () => {
    const world = new World({ leafSetSize: 4 });
    world.joinAll(['10', '20', '30', '40', '50', '60', '70', '80', '90', 'a0', 'b0', 'c0', 'd0', 'e0']);
    world.run(SOON_MS);
    for (const name of ['d0', '50']) {
      const counter = world.node(name);
      counter.past.handle({ type: 'watch', block: BLOCK });
      world.run(5 * ROUND_MS);
      expect(outputsOf(counter, 'counted')).toHaveLength(1);
      const before = questions(counter);
      world.run(10 * ROUND_MS);
      expect(questions(counter) - before).toBeGreaterThan(2);
      expect(questions(counter) - before).toBeLessThan(100);
      expect(outputsOf(counter, 'counted')).toHaveLength(1);
    }
    // Some of those that were silent have it.
    world.node('60').disk.set(BLOCK.digest, { block: BLOCK, isCorrupt: false });
    world.reload(world.node('60'));
    world.run(30 * ROUND_MS);
    expect(counted(world.node('d0'))).toEqual(['40', '50', '60']);
  });

  it('a block that comes near while it is asked about from afar leaves its place to another', () => {
    const world = new World({ leafSetSize: 4 });
    world.joinAll(['10', '20', '30', '40', '50', '60', '70', '80', '90', 'a0', 'b0', 'c0', 'd0', 'e0']);
    world.run(SOON_MS);
    store(world, world.node('20'));
    const counter = world.node('d0');
    // As many as are asked about at once.
    for (let number = 0; number < 8; number += 1) counter.past.handle({ type: 'watch', block: block('b8', number) });
    for (const name of ['b0', 'c0']) world.node(name).hears = (_from, { type }) => type === 'holds?';
    world.run(2 * LOOK_MS + 8 * MESSAGE_MS);
    expect(new Set(counter.sent.map(({ to, message }) => (message.type === 'holds?' ? to : '')))).toContain(id('c0'));
    world.kill(world.node('c0'));
    world.run(ROUND_MS);
    counter.past.handle({ type: 'watch', block: BLOCK });
    world.run(ROUND_MS);
    expect(counted(counter)).toEqual(['40', '50', '60']);
  });
});

const DEATH_AND_REPAIR_MS = 20_000;

/** Three holders, and a storer that is none. */
function farStorer(): { world: World; storer: FakeNode } {
  const world = new World();
  world.joinAll(['50', '51', '52', '60', 'a0']);
  const storer = world.join('f0');
  world.run(SOON_MS);
  store(world, storer);
  return { world, storer };
}

function store(world: World, storer: FakeNode, wanted: BlockRef = BLOCK): void {
  storer.store(1, wanted);
  storer.past.handle({ type: 'watch', block: wanted });
  world.run(SOON_MS);
}

function holders(node: FakeNode) {
  return outputsOf(node, 'counted').at(-1)?.holders ?? [];
}

/** The first two digits of each holder's id. */
function counted(node: FakeNode): string[] {
  return holders(node)
    .map(({ nodeId }) => nodeId.slice(0, 2))
    .sort();
}

function questions(node: FakeNode): number {
  return node.sent.filter(({ message }) => message.type === 'holds?').length;
}

function askedDigests(node: FakeNode): number {
  let count = 0;
  for (const { message } of node.sent) if (message.type === 'holds?') count += message.digests.length;
  return count;
}
