// Repair: deaths, newcomers, reloads, corrupt copies; when a copy is offered and when one is dropped.

import { describe, expect, test } from 'vitest';
import { DROP_GRACE_MS, KEEP_DISPLACED_MS } from '../../src/core/past/drop-judgement.ts';
import { MAX_OFFER_BLOCKS } from '../../src/core/past/offers.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, offer, outputsOf, UNTIL_DROPPED_MS, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');

function ringWithFile(): World {
  const world = new World();
  world.joinAll(NAMES);
  world.run(1_000);
  world.node('d').store(1, STORED);
  world.run(DROP_GRACE_MS + ROUND_MS);
  world.node('d').sources.clear();
  return world;
}

function offersOf(node: FakeNode) {
  return node.sent.flatMap(({ to, message }) => (message.type === 'offer' ? [{ to, ...message }] : []));
}

function putOnDisk(node: FakeNode, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const stored = block('51', number);
    node.disk.set(stored.digest, { block: stored, isCorrupt: false });
  }
}

describe('repair', () => {
  test('P13: k-1 deaths at once lose nothing', () => {
    const world = ringWithFile();
    world.kill(world.node('5'));
    world.kill(world.node('4'));
    expect(world.holders(STORED)).toEqual([id('6')]);
    world.run(3_000);
    expect(world.holders(STORED)).toEqual([id('3'), id('6'), id('7')]);
  });

  test('P13: in a quiet ring a round offers nothing that is confirmed', () => {
    const world = ringWithFile();
    world.run(ROUND_MS);
    for (const node of world.nodes.values()) node.sent.length = 0;
    world.run(2 * ROUND_MS);
    expect([...world.nodes.values()].flatMap(offersOf)).toEqual([]);
  });

  test('P13: who refused by another view of the ring is asked again at the next round', () => {
    const world = new World();
    const [storer, other] = world.joinAll(['5', '6', '7']);
    if (storer === undefined || other === undefined) throw new Error('no nodes');
    other.hears = (from, message) => {
      if (message.type !== 'offer') return false;
      for (const { digest } of message.blocks) other.send(from, { type: 'refuse', digest, reason: 'not-mine' });
      return true;
    };
    storer.store(1, STORED);
    world.run(ROUND_MS);
    expect(world.holders(STORED)).toEqual([id('5'), id('7')]);
    other.hears = () => false;
    world.run(ROUND_MS + 1_000);
    expect(world.holders(STORED)).toEqual([id('5'), id('6'), id('7')]);
  });

  test('P13: a node that is not active offers nothing until it is', () => {
    const world = new World();
    world.joinAll(['4', '6']);
    const node = world.join('5', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    node.status = 'joining';
    world.run(2 * ROUND_MS);
    expect(offersOf(node)).toEqual([]);
    node.status = 'active';
    world.run(2_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P14: offers are batched, and the next batch waits for answers', () => {
    const world = new World();
    world.joinAll(['4', '6']);
    const disk: FakeNode['disk'] = new Map();
    const loaded = world.join('5', { disk });
    putOnDisk(loaded, 450);
    loaded.start();
    world.node('4').isDeaf = true;
    world.run(1_000);
    const toDeaf = offersOf(loaded).filter((offer) => offer.to === id('4'));
    expect(toDeaf.map((offer) => offer.blocks.length)).toEqual([MAX_OFFER_BLOCKS]);
    world.run(15_000);
    const toOther = offersOf(loaded).filter((offer) => offer.to === id('6'));
    expect(Math.max(...toOther.map((offer) => offer.blocks.length))).toBe(MAX_OFFER_BLOCKS);
    expect(toOther.length).toBeLessThan(10);
    expect(world.node('6').disk.size).toBe(450);
    world.node('4').isDeaf = false;
    world.run(2 * ROUND_MS);
    expect(world.node('4').disk.size).toBe(450);
  });

  test('P16: at most four pulls run at a time, three of them for long lists', () => {
    const world = new World();
    world.joinAll(['4', '6']);
    const disk: FakeNode['disk'] = new Map();
    const loaded = world.join('5', { disk });
    putOnDisk(loaded, 50);
    loaded.start();
    world.run(211);
    expect(outputsOf(world.node('4'), 'pull').length).toBe(3);
    world.node('4').past.receive(id('6'), offer([block('41')], 'replicate'));
    world.node('4').past.receive(id('6'), offer([block('42')], 'replicate'));
    const pulls = outputsOf(world.node('4'), 'pull');
    expect(pulls.length).toBe(4);
    expect(pulls.at(-1)?.block).toEqual(block('41'));
  });

  test('P16: if a source fails, another that offered the block is asked', () => {
    const world = new World();
    world.joinAll(['4', '5', '6']);
    world.run(1_000);
    const node = world.node('4');
    const other = world.node('6');
    other.disk.set(STORED.digest, { block: STORED, isCorrupt: false });
    node.past.receive(id('5'), offer([STORED], 'replicate'));
    node.past.receive(id('6'), offer([STORED], 'replicate'));
    world.run(1_000);
    expect(outputsOf(node, 'pull').map((pull) => pull.from)).toEqual([id('5'), id('6')]);
    expect(node.disk.has(STORED.digest)).toBe(true);
  });

  test('P16: a pull that never ends is stopped, and a copy that comes after all is removed', () => {
    const world = new World();
    world.joinAll(['4', '5']);
    world.run(1_000);
    const node = world.node('4');
    node.past.receive(id('7'), offer([STORED], 'replicate'));
    node.past.nodeFailed(id('7'));
    expect(outputsOf(node, 'stop-pull')).toHaveLength(1);
    node.past.handle({ type: 'block-arrived', from: id('7'), digest: STORED.digest, kept: true });
    expect(outputsOf(node, 'drop')).toEqual([{ type: 'drop', digest: STORED.digest }]);
  });

  test('P17: a newcomer gets its blocks; the displaced drops its copy after k others confirmed', () => {
    const world = ringWithFile();
    world.join('50');
    world.run(1_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
    const newcomer = world.join('52');
    world.run(2_000);
    expect(newcomer.disk.has(STORED.digest)).toBe(true);
    expect(world.node('4').disk.has(STORED.digest)).toBe(true);
    world.run(DROP_GRACE_MS + 10 * ROUND_MS);
    expect(world.node('4').disk.has(STORED.digest)).toBe(true);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
    expect(outputsOf(world.node('4'), 'drop')).toEqual([{ type: 'drop', digest: STORED.digest }]);
  });

  test('P17, P62: while a newcomer has no room, the displaced keeps its copy, and does so in its place', () => {
    const world = ringWithFile();
    const newcomer = world.join('52');
    newcomer.isFull = true;
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
    expect(newcomer.past.pointers).toEqual([{ digest: STORED.digest, target: id('4') }]);
  });

  test("P17: the root's list alone drops nothing: each named holder must confirm", () => {
    const world = ringWithFile();
    const displaced = world.node('4');
    const liar = world.join('53');
    // The newcomer never answers, so that only the root's word speaks for it.
    liar.isDeaf = true;
    world.run(1_000);
    for (let time = 0; time < 40; time += 1) {
      world.run(ROUND_MS);
      displaced.past.receive(id('5'), {
        type: 'copies',
        digest: STORED.digest,
        holders: [id('5'), id('6'), id('53')],
        receipts: [],
        wanted: 3,
      });
    }
    expect(displaced.disk.has(STORED.digest)).toBe(true);
  });

  test('P17: confirmations that come while the node is not active drop nothing', () => {
    const world = ringWithFile();
    const displaced = world.node('4');
    world.loses = (to, message) => to === displaced.nodeId && message.type === 'holding';
    world.join('53');
    world.run(UNTIL_DROPPED_MS);
    displaced.status = 'joining';
    for (const name of ['5', '6', '53']) {
      displaced.past.receive(id(name), { type: 'holding', digests: [STORED.digest], receipts: [] });
    }
    expect(displaced.disk.has(STORED.digest)).toBe(true);
    displaced.status = 'active';
    world.loses = () => false;
    world.run(2 * ROUND_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
  });

  test('P17: a drop that nobody heard of is made good when the copy is owed again', () => {
    const world = ringWithFile();
    world.loses = (_to, message) => message.type === 'lost';
    const newcomer = world.join('53');
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual([id('5'), id('53'), id('6')].sort());
    world.kill(newcomer);
    world.run(3_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P17: nothing is dropped soon after a change of the leaf set, nor by a node that is not active', () => {
    const world = ringWithFile();
    const displaced = world.node('4');
    world.join('52');
    world.run(KEEP_DISPLACED_MS - 1_000);
    world.join('ff');
    world.run(DROP_GRACE_MS - 1_000);
    expect(displaced.disk.has(STORED.digest)).toBe(true);
    displaced.status = 'joining';
    world.run(5 * ROUND_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(true);
    displaced.status = 'active';
    world.run(2 * ROUND_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
  });

  test('P17: a holder far away brings its block to the ring around the key', () => {
    const world = new World({ leafSetSize: 8 });
    world.joinAll(NAMES);
    world.run(1_000);
    world.kill(world.node('d'));
    world.run(2_000);
    const disk = new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]);
    const far = world.join('d', { disk });
    expect(far.covers(STORED.key)).toBe(false);
    world.run(5_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6'), id('d')]);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test.each(['4', '5', '6'])('P17: a holder that cannot reach member %s keeps its copy until it can', (member) => {
    const world = new World({ leafSetSize: 6 });
    world.joinAll(NAMES.filter((name) => name !== 'd'));
    world.keepApart('d', member);
    const far = world.join('d', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    world.run(5 * ROUND_MS);
    // If it is the root that it cannot reach, another member brings the block to all.
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6'), id('d')]);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6'), id('d')]);
    expect(outputsOf(far, 'drop')).toEqual([]);
    world.apart.clear();
    world.run(10 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P18: a lost copy is replaced', () => {
    const world = ringWithFile();
    world.node('5').disk.delete(STORED.digest);
    world.node('5').past.handle({ type: 'block-lost', digest: STORED.digest });
    expect(world.node('5').past.held).toEqual([]);
    world.run(1_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P18: complaints about a copy make it checked at most once in ten seconds', () => {
    const world = ringWithFile();
    for (let time = 0; time < 15; time += 1) {
      world.node('5').past.receive(id('a'), { type: 'bad-copy', digest: STORED.digest });
      world.run(1_000);
    }
    expect(outputsOf(world.node('5'), 'verify')).toHaveLength(2);
    world.node('7').past.receive(id('a'), { type: 'bad-copy', digest: STORED.digest });
    expect(outputsOf(world.node('7'), 'verify')).toEqual([]);
  });

  test('P19: a reloaded node keeps what it holds', () => {
    const world = ringWithFile();
    const reloaded = world.reload(world.node('5'));
    world.run(5 * ROUND_MS);
    expect(outputsOf(reloaded, 'pull')).toEqual([]);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P19: the only copy, on a node that was away, comes back to the ring', () => {
    const world = ringWithFile();
    const disks = ['4', '5', '6'].map((name) => world.node(name).disk);
    for (const name of ['4', '5', '6']) world.kill(world.node(name));
    world.run(5_000);
    expect(world.holders(STORED)).toEqual([]);
    world.join('4', { disk: disks[0] ?? new Map() });
    world.run(DROP_GRACE_MS + 2 * ROUND_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P20: a copy that vanished without a word is found missing within five minutes', () => {
    const world = ringWithFile();
    const emptied = world.node('6');
    emptied.disk.clear();
    world.reload(emptied);
    // Nobody was told that this is another life of the node.
    world.run(6 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });

  test('P23: the trace shows copies come and go', () => {
    const world = ringWithFile();
    world.join('52');
    world.run(UNTIL_DROPPED_MS);
    const traces = (name: string) =>
      outputsOf(world.node(name), 'trace').map(({ event }) => ('digest' in event ? `${event.kind} ${event.peer}` : ''));
    expect(traces('5')).toEqual([`held ${id('d')}`]);
    expect(traces('52')).toEqual([expect.stringMatching(/^held /)]);
    expect(traces('4').at(-1)).toBe('dropped undefined');
    expect(traces('4').filter((line) => line.startsWith('handed-over'))).toHaveLength(3);
  });
});
