// What is confirmed is asked after by digests of ranges; what differs is offered; and no digest makes anything known.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import { PastContext } from '../../src/core/past/context.ts';
import { DROP_GRACE_MS } from '../../src/core/past/drop-judgement.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import { MAX_OFFER_BLOCKS, Offers } from '../../src/core/past/offers.ts';
import { RangeDigests } from '../../src/core/past/range-digests.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import { confirmationCost } from './confirmation-cost.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, UNTIL_DROPPED_MS, World } from './world.ts';

/** Each of them holds each block. */
const NAMES = ['4', '5', '6'];
/** Every fifth round asks after what is confirmed; a little after it all is answered. */
const CONFIRMED_MS = 5 * ROUND_MS + 10_000;
const NONCE = '0123456789abcdef0123456789abcdef';

type Of<Type extends PastMessage['type']> = Extract<PastMessage, { readonly type: Type }>;

/** At distinct keys all round the ring. */
function blocksOf(count: number): BlockRef[] {
  return Array.from({ length: count }, (_, number) =>
    block(((number * 0x9e37) & 0xffff).toString(16).padStart(4, '0'), number),
  );
}

function ringWith(blocks: readonly BlockRef[], names: readonly string[] = NAMES): World {
  const world = new World();
  for (const name of names) {
    world.join(name, { disk: new Map(blocks.map((each) => [each.digest, { block: each, isCorrupt: false }])) });
  }
  // The first confirmation round is over, and what was loaded is known.
  world.run(CONFIRMED_MS);
  for (const node of world.nodes.values()) node.sent.length = 0;
  return world;
}

function sentOf<Type extends PastMessage['type']>(node: FakeNode, type: Type): Of<Type>[] {
  return node.sent.flatMap(({ message }) => (message.type === type ? [message as Of<Type>] : []));
}

function allOf<Type extends PastMessage['type']>(world: World, type: Type): Of<Type>[] {
  return [...world.nodes.values()].flatMap((node) => sentOf(node, type));
}

/** A node loses a copy, and what it says of that is lost too. */
function loseSilently(world: World, node: FakeNode, { digest }: BlockRef): void {
  world.loses = (_, { type }) => type === 'lost';
  node.disk.delete(digest);
  node.past.handle({ type: 'block-lost', digest });
  world.run(5_000);
  world.loses = () => false;
}

/** Whom a node knows to hold a block, beside itself. */
function othersOf(node: FakeNode, { digest }: BlockRef): string[] {
  const holding = node.past.holdings().find((each) => each.block.digest === digest);
  return (holding?.others ?? []).map(({ nodeId }) => nodeId).sort();
}

describe('digests of ranges', () => {
  test('P65: where nothing has changed, each member sends each other one message in a confirmation round, and nobody answers', () => {
    const world = ringWith(blocksOf(500));
    world.run(CONFIRMED_MS);
    expect(allOf(world, 'ranges')).toHaveLength(6);
    for (const { ranges } of allOf(world, 'ranges')) {
      expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    }
    for (const type of ['offer', 'holding', 'refuse', 'ranges-differ'] as const) expect(allOf(world, type)).toEqual([]);
    expect(confirmationCost(500)).toMatchObject({ messages: 6, offered: 0 });
  });

  test('P65: what is not confirmed is offered in these rounds, as ever', () => {
    const blocks = blocksOf(20);
    const world = ringWith(blocks);
    const newcomer = world.join('7');
    newcomer.hears = (from, message) => {
      if (message.type !== 'offer') return true;
      for (const { digest } of message.blocks) newcomer.send(from, { type: 'refuse', digest, reason: 'full' });
      return true;
    };
    world.kill(world.node('6'));
    world.run(CONFIRMED_MS);
    const node = world.node('5');
    node.sent.length = 0;
    world.run(CONFIRMED_MS);
    const toNewcomer = node.sent.filter(({ to }) => to === newcomer.nodeId).map(({ message }) => message.type);
    expect(toNewcomer).toEqual(['offer']);
    expect(sentOf(node, 'ranges')).toHaveLength(1);
  });

  test('P65: a member that missed a lease has it after the next', () => {
    const [one, ...rest] = blocksOf(40);
    if (one === undefined) throw new Error('no block');
    const world = ringWith([one, ...rest]);
    const newer = world.lease('user', one, { serial: 7 });
    for (const name of ['4', '5']) {
      world.node(name).past.receive(id('c'), { type: 'leases', blocks: [one], leases: [newer] });
    }
    world.run(ROUND_MS);
    expect(world.node('6').leases.get(one.digest)?.leases).not.toContainEqual(newer);
    world.run(CONFIRMED_MS);
    expect(world.node('6').leases.get(one.digest)?.leases).toContainEqual(newer);
  });

  test('P65: a displaced holder shares no more what others are to hold', () => {
    const world = ringWith([block('40'), block('52')]);
    world.join('51');
    world.run(CONFIRMED_MS);
    expect(world.holders(block('52'))).toEqual([id('4'), id('5'), id('51'), id('6')]);
    for (const node of world.nodes.values()) node.sent.length = 0;
    world.run(CONFIRMED_MS);
    expect(sentOf(world.node('4'), 'ranges').map(({ ranges }) => ranges[0]?.count)).toEqual([1, 1]);
    expect(allOf(world, 'ranges-differ')).toEqual([]);
  });

  test('P66: a copy that vanished without a word costs offers of its range alone', () => {
    const blocks = blocksOf(500);
    const world = ringWith(blocks);
    const lost = blocks[77];
    if (lost === undefined) throw new Error('no block');
    loseSilently(world, world.node('6'), lost);
    world.run(CONFIRMED_MS);
    expect(world.holders(lost)).toHaveLength(3);
    expect(allOf(world, 'ranges-differ').map(({ ranges }) => ranges.length)).toEqual([1, 1, 1, 1]);
    for (const { blocks: offered } of allOf(world, 'offer')) expect(offered.length).toBeLessThanOrEqual(500 / 16 + 1);
  });

  test('P66: whatever copies vanish without a word, each block is on its k closest nodes again while one copy is left', () => {
    const names = fc.uniqueArray(fc.nat({ max: 0xffff }), { minLength: 3, maxLength: 8 });
    const losses = fc.array(fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 2 })), { maxLength: 40 });
    fc.assert(
      fc.property(names, losses, (ids, lost) => {
        const blocks = blocksOf(60);
        const world = ringWith(
          blocks,
          ids.map((value) => value.toString(16).padStart(4, '0')),
        );
        world.run(UNTIL_DROPPED_MS);
        for (const [index, turn] of lost) {
          const gone = blocks[index];
          const holders = gone === undefined ? [] : world.holders(gone);
          const node = world.nodes.get(holders[turn % holders.length] ?? id('0'));
          if (gone !== undefined && node !== undefined && holders.length > 1) loseSilently(world, node, gone);
        }
        world.run(2 * CONFIRMED_MS);
        for (const each of blocks) expect(world.holders(each)).toEqual(world.expectedHolders(each));
      }),
      { numRuns: 20 },
    );
  });

  test('P66: a range of many blocks is looked at more closely', () => {
    const { messages, bytes, offered } = confirmationCost(3_300, 1);
    expect(messages).toBeLessThan(30);
    // Two ranges to the one that lacks it, and two from it.
    expect(offered).toBeLessThanOrEqual(4 * 16);
    expect(bytes).toBeLessThan(100_000);
  });

  test('P66: blocks of one key are one range, which is offered', () => {
    const many = Array.from({ length: MAX_OFFER_BLOCKS + 50 }, (_, number) => block('51', number));
    const world = ringWith(many);
    const [lost] = many;
    if (lost === undefined) throw new Error('no block');
    loseSilently(world, world.node('6'), lost);
    world.run(CONFIRMED_MS);
    expect(world.holders(lost)).toHaveLength(3);
    expect(allOf(world, 'ranges')).toHaveLength(6);
    expect(allOf(world, 'ranges').every(({ ranges }) => ranges.length === 1)).toBe(true);
  });

  test('P66: as many blocks as here are not the same blocks', () => {
    const blocks = blocksOf(20);
    const world = ringWith(blocks);
    world.run(CONFIRMED_MS);
    const node = world.node('5');
    const [message] = sentOf(world.node('4'), 'ranges');
    if (message === undefined) throw new Error('no digests');
    const ranges = message.ranges.map((range) => ({ ...range, sum: '0123456789abcdef' }));
    node.sent.length = 0;
    node.past.receive(id('4'), message);
    expect(sentOf(node, 'ranges-differ')).toEqual([]);
    node.past.receive(id('4'), { ...message, ranges });
    expect(sentOf(node, 'ranges-differ').map(({ ranges: differing }) => differing)).toEqual([[0, 1]]);
  });

  test('P67: who says that all differs is offered each block once, as without digests, and answers once', () => {
    const blocks = blocksOf(3_300);
    const world = ringWith(blocks);
    const liar = world.node('6');
    liar.hears = (from, message) => {
      if (message.type !== 'ranges') return false;
      liar.send(from, { type: 'ranges-differ', nonce: message.nonce, ranges: [0, 0, 15, 99] });
      liar.send(from, { type: 'ranges-differ', nonce: message.nonce, ranges: message.ranges.map((_, index) => index) });
      return true;
    };
    world.run(CONFIRMED_MS);
    const toLiar = world.node('5').sent.filter(({ to }) => to === id('6'));
    expect(toLiar.filter(({ message }) => message.type === 'ranges')).toHaveLength(1 + 2);
    const offered = toLiar.flatMap(({ message }) => (message.type === 'offer' ? message.blocks : []));
    expect(offered.length).toBeGreaterThan(0);
    // The second answer to a message is none.
    expect(offered.length).toBeLessThanOrEqual(4 * 16);
    expect(new Set(offered).size).toBe(offered.length);
  });

  test('P67: of 60,000 blocks too there are four closer looks at most', () => {
    const node = new World().join('5');
    const context = new PastContext(node, () => undefined);
    const ranges = new RangeDigests(context, new Offers(context));
    for (const each of blocksOf(60_000)) {
      context.held.add(each, 0);
      ranges.add(id('6'), each);
    }
    ranges.flush();
    for (const { message } of node.sent) {
      if (message.type === 'ranges') ranges.answered(id('6'), { ...message, type: 'ranges-differ', ranges: [0, 1] });
    }
    expect(sentOf(node, 'ranges')).toHaveLength(1 + 4);
    expect(sentOf(node, 'offer').length).toBeGreaterThan(0);
  });

  test('P67: who says of many ranges that they differ is offered all of them', () => {
    const blocks = blocksOf(500);
    const world = ringWith(blocks);
    const liar = world.node('6');
    liar.hears = (from, { type, ...message }) => {
      if (type !== 'ranges' || !('nonce' in message)) return false;
      const ranges = Array.from({ length: 16 }, (_, index) => index);
      liar.send(from, { type: 'ranges-differ', nonce: message.nonce, ranges });
      return true;
    };
    world.run(CONFIRMED_MS);
    const toLiar = world.node('5').sent.filter(({ to }) => to === id('6'));
    expect(toLiar.flatMap(({ message }) => (message.type === 'offer' ? message.blocks : []))).toHaveLength(500);
  });

  test('P67: answers that nobody asked for, of another node, or late, bring about nothing', () => {
    const world = ringWith(blocksOf(20));
    const node = world.node('5');
    node.past.receive(id('6'), { type: 'ranges-differ', nonce: NONCE, ranges: [0] });
    world.loses = (_, { type }) => type === 'ranges';
    world.run(CONFIRMED_MS);
    const asked = node.sent.flatMap(({ to, message }) => (message.type === 'ranges' ? [{ to, message }] : []));
    for (const { to, message } of asked) {
      const other = to === id('6') ? id('4') : id('6');
      node.past.receive(other, { type: 'ranges-differ', nonce: message.nonce, ranges: [0, 1] });
    }
    world.run(ROUND_MS);
    for (const { to, message } of asked)
      node.past.receive(to, { type: 'ranges-differ', nonce: message.nonce, ranges: [0, 1] });
    world.run(1_000);
    expect(asked).toHaveLength(2);
    expect(sentOf(node, 'offer')).toEqual([]);
  });

  test('P67: a stranger hears that all differs, and one leaf is answered five times in a row at most', () => {
    const world = ringWith(blocksOf(20));
    const node = world.node('5');
    world.run(ROUND_MS);
    node.sent.length = 0;
    const ranges = [{ from: id('0'), count: 1, sum: '0123456789abcdef' }];
    const message: PastMessage = { type: 'ranges', nonce: NONCE, end: id('0'), ranges };
    // Nor is a digest made for it, or this one would be equal.
    const nothing = [{ from: id('0'), count: 0, sum: '0000000000000000' }];
    node.past.receive(id('c'), { ...message, ranges: nothing });
    expect(node.sent).toEqual([{ to: id('c'), message: { type: 'ranges-differ', nonce: NONCE, ranges: [0] } }]);
    for (let turn = 0; turn < 20; turn += 1) node.past.receive(id('6'), message);
    expect(sentOf(node, 'ranges-differ').length).toBe(1 + 5);
    expect(node.counters.get('range digests beyond the bound')).toBeGreaterThan(10);
  });

  test('P21, P67: who leaves answers no digests', () => {
    const world = ringWith(blocksOf(20));
    const node = world.node('5');
    // It waits for a newcomer to take its copies.
    world.join('7').hears = () => true;
    world.run(1_000);
    world.leave(node);
    expect(sentOf(node, 'offer').length).toBeGreaterThan(0);
    node.sent.length = 0;
    const ranges = [{ from: id('0'), count: 1, sum: '0123456789abcdef' }];
    node.past.receive(id('6'), { type: 'ranges', nonce: NONCE, end: id('0'), ranges });
    expect(sentOf(node, 'ranges-differ')).toEqual([]);
  });

  test('P68: what a digest speaks of is not known to be held', () => {
    const blocks = blocksOf(20);
    const [one] = blocks;
    if (one === undefined) throw new Error('no block');
    const world = new World();
    const [node, liar] = world.joinAll(NAMES);
    if (node === undefined || liar === undefined) throw new Error('no nodes');
    liar.hears = () => true;
    node.sources.add(one.digest);
    node.store(1, one);
    world.run(5_000);
    const ranges = [{ from: id('0'), count: 1, sum: '0123456789abcdef' }];
    node.past.receive(liar.nodeId, { type: 'ranges', nonce: NONCE, end: id('0'), ranges });
    world.run(1_000);
    expect(othersOf(node, one)).toEqual([id('6')]);
    expect(sentOf(node, 'ranges-differ')).toHaveLength(1);
    // Nor does this node think that they share it.
    const nothing = [{ from: id('0'), count: 0, sum: '0000000000000000' }];
    node.past.receive(liar.nodeId, { type: 'ranges', nonce: NONCE, end: id('0'), ranges: nothing });
    expect(sentOf(node, 'ranges-differ')).toHaveLength(1);
  });

  test('P32, P68: digests of all members together let nobody drop a copy', () => {
    const stored = block('51');
    const world = new World();
    world.joinAll(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f']);
    world.run(1_000);
    world.node('d').store(1, stored);
    world.run(DROP_GRACE_MS + ROUND_MS);
    // 4 is displaced by nodes that speak in digests only.
    for (const name of ['50', '51', '52', '53']) {
      if (world.nodes.has(id(name))) continue;
      const liar = world.join(name);
      liar.hears = (from, { type }) => {
        const ranges = [{ from: id('0'), count: 0, sum: '0000000000000000' }];
        if (type === 'offer') liar.send(from, { type: 'ranges', nonce: NONCE, end: id('0'), ranges });
        return true;
      };
    }
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(stored)).toContain(id('4'));
  });
});
