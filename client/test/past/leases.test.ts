// Leases and tombstones in a ring of storage layers: who keeps what for how long, and what brings nothing back.

import { describe, expect, test } from 'vitest';
import { LEASE_SLACK_MS, type Lease, unownedLease } from '../../src/core/past/lease.ts';
import { SWEEP_MS } from '../../src/core/past/lease-sweep.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, LEASE_MS, offer, outputsOf, RING_STARTED_MS, unowned, World } from './world.ts';

const STORED = block('51');
const MINUTE_MS = 60_000;
/** A lease is over, and the sweep has seen it. */
const UNTIL_SWEPT_MS = LEASE_SLACK_MS + 2 * SWEEP_MS + 6_000;

/** Seven nodes; the first three of them hold what is at 51. */
function ring(): World {
  const world = new World();
  world.joinAll(['4', '5', '6', '9', 'a', 'c', 'd']);
  world.run(1_000);
  return world;
}

function stored(world: World, lease?: Partial<Lease>): void {
  world.node('d').store(1, STORED, world.lease('user', STORED, lease));
  world.run(2_000);
  expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
}

function now(world: World): number {
  return RING_STARTED_MS + world.now;
}

/** What `name` hears of a lease that it brings to the holders. */
function bring(world: World, name: string, lease: Lease): { asked: number; kept: number } {
  const node = world.node(name);
  const request = 1_000 + outputsOf(node, 'leased').length;
  node.past.handle({ type: 'lease', request, block: STORED, lease });
  world.run(45_000);
  const answer = outputsOf(node, 'leased').find((output) => output.request === request);
  return { asked: answer?.asked.length ?? -1, kept: answer?.kept.length ?? -1 };
}

function remove(world: World, name = 'd'): { asked: number; kept: number } {
  const expires = now(world) + LEASE_MS + LEASE_SLACK_MS;
  return bring(world, name, world.lease('user', STORED, { serial: 2, ends: true, expires }));
}

function serialOf(node: FakeNode, owner = 'user'): number | undefined {
  return node.leases.get(STORED.digest)?.leases.find((lease) => lease.owner === owner)?.serial;
}

describe('a lease', () => {
  test('P43: goes with a block to each holder, and lies beside it on the disk', () => {
    const world = ring();
    stored(world);
    for (const name of ['4', '5', '6']) expect(serialOf(world.node(name))).toBe(1);
    world.kill(world.node('5'));
    world.run(5_000);
    expect(world.holders(STORED)).toHaveLength(3);
    for (const holder of world.holders(STORED)) expect(serialOf(world.node(holder))).toBe(1);
  });

  test('P46: who is joining, and sees nobody yet, has the root name who holds the block', () => {
    const world = ring();
    stored(world);
    const owner = world.node('d');
    owner.status = 'joining';
    for (const other of world.nodes.values()) if (other !== owner) owner.hear(other, false);
    expect(remove(world)).toEqual({ asked: 3, kept: 3 });
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P43: of a block that none keeps is wanted, whoever offers it', () => {
    const world = ring();
    world.node('6').sources.add(STORED.digest);
    for (const leases of [
      [],
      [{ ...world.lease('user', STORED), digest: block('52').digest }],
      [world.lease('user', STORED, { expires: now(world) - LEASE_SLACK_MS })],
      [world.lease('user', STORED, { expires: now(world) + LEASE_MS + LEASE_SLACK_MS + 1_000 })],
      [world.lease('user', STORED, { ends: true })],
    ]) {
      world.node('5').past.receive(id('6'), { ...offer([STORED], 'replicate'), leases });
      expect(world.node('5').sent.at(-1)?.message).toMatchObject({ type: 'refuse', reason: 'unleased' });
    }
    expect(world.holders(STORED)).toEqual([]);
    world.node('5').past.receive(id('6'), offer([STORED], 'replicate'));
    world.run(1_000);
    expect(world.node('5').disk.size).toBe(1);
  });

  test('P43: that nobody signed is left out, whatever it promises', () => {
    const world = ring();
    stored(world);
    const forged: Lease = { ...world.lease('user', STORED), serial: 9, ends: true };
    expect(bring(world, 'c', forged).kept).toBe(0);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P44: is answered when it is durable, and the newest counts', () => {
    const world = ring();
    stored(world);
    expect(bring(world, 'd', world.lease('user', STORED, { serial: 5 }))).toEqual({ asked: 3, kept: 3 });
    expect(bring(world, 'd', world.lease('user', STORED, { serial: 4 }))).toEqual({ asked: 3, kept: 3 });
    for (const name of ['4', '5', '6']) expect(serialOf(world.node(name))).toBe(5);
    const holder = world.node('5');
    holder.writesLeases = false;
    expect(bring(world, 'd', world.lease('user', STORED, { serial: 6 }))).toEqual({ asked: 3, kept: 2 });
  });

  test('P44: of eight owners at most is kept; the one that is over first gives way', () => {
    const world = ring();
    stored(world, { expires: now(world) + MINUTE_MS });
    for (let number = 0; number < 9; number += 1) {
      const expires = now(world) + (number + 1) * 24 * 60 * MINUTE_MS;
      bring(world, 'd', world.lease(`owner ${number}`, STORED, { expires: Math.min(expires, now(world) + LEASE_MS) }));
    }
    const owners = world
      .node('5')
      .leases.get(STORED.digest)
      ?.leases.map(({ owner }) => owner);
    expect(owners).toHaveLength(8);
    expect(owners).not.toContain('user');
    expect(owners).toContain('owner 8');
  });

  test('P45: that is over ends the copies within minutes, and not before', () => {
    const world = ring();
    stored(world, { expires: now(world) + 10 * MINUTE_MS });
    world.run(10 * MINUTE_MS + LEASE_SLACK_MS - 10_000);
    expect(world.holders(STORED)).toHaveLength(3);
    world.run(UNTIL_SWEPT_MS - LEASE_SLACK_MS);
    expect(world.holders(STORED)).toEqual([]);
    world.run(10 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([]);
    for (const node of world.nodes.values()) expect(node.leases.size).toBe(0);
  });

  test('P45: is renewed in time, or the block goes', () => {
    const world = ring();
    stored(world, { expires: now(world) + 10 * MINUTE_MS });
    bring(world, 'd', world.lease('user', STORED, { serial: 2, expires: now(world) + 30 * MINUTE_MS }));
    world.run(20 * MINUTE_MS);
    expect(world.holders(STORED)).toHaveLength(3);
    world.run(10 * MINUTE_MS + UNTIL_SWEPT_MS);
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P45: a clock that jumps by days ends nothing, and once it is right again nothing is lost', () => {
    const world = ring();
    stored(world);
    const holder = world.node('5');
    holder.clockErrorMs = 30 * 24 * 60 * MINUTE_MS;
    world.run(30 * MINUTE_MS);
    expect(holder.disk.has(STORED.digest)).toBe(true);
    expect(serialOf(holder)).toBe(1);
    expect(holder.counters.get('leases not ended: the leaves do not confirm the time')).toBeGreaterThan(20);
    holder.clockErrorMs = 0;
    world.run(5 * MINUTE_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P69: a clock that jumps after the leaves have confirmed it ends nothing either', () => {
    const world = ring();
    stored(world);
    const holder = world.node('5');
    // The tombstone of another block, for the sweep to look at.
    const over = world.lease('user', block('52'), { ends: true, expires: now(world) - LEASE_SLACK_MS + MINUTE_MS });
    holder.past.receive(id('c'), { type: 'leases', blocks: [block('52')], leases: [over] });
    const asked = () => holder.sent.filter(({ message }) => message.type === 'clock?').length;
    for (let second = 0; asked() === 0 && second < 600; second += 1) world.run(1_000);
    expect(asked()).toBe(6);
    holder.clockErrorMs = 30 * 24 * 60 * MINUTE_MS;
    world.run(10_000);
    expect(holder.disk.has(STORED.digest)).toBe(true);
    expect(serialOf(holder)).toBe(1);
    holder.clockErrorMs = 0;
    world.run(2 * SWEEP_MS);
    expect(holder.leases.has(block('52').digest)).toBe(false);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P45: where most leaves say nothing, or there is none, nothing ends', () => {
    const world = ring();
    stored(world, { expires: now(world) + MINUTE_MS });
    world.loses = (_, { type }) => type === 'clock';
    world.run(30 * MINUTE_MS);
    expect(world.holders(STORED)).toHaveLength(3);
    world.loses = () => false;
    world.run(UNTIL_SWEPT_MS);
    expect(world.holders(STORED)).toEqual([]);
    const alone = new World();
    alone.join('5').store(1, STORED, alone.lease('user', STORED, { expires: now(alone) + MINUTE_MS }));
    alone.run(30 * MINUTE_MS);
    expect(alone.holders(STORED)).toHaveLength(1);
  });

  test('P45: nobody is asked for the time while there is nothing to end', () => {
    const world = ring();
    stored(world);
    remove(world);
    const before = world.node('5').sent.length;
    world.run(10 * MINUTE_MS);
    const since = world.node('5').sent.slice(before);
    expect(since.filter(({ message }) => message.type === 'clock?')).toEqual([]);
  });

  test('P45: times that nobody asked for are worth nothing', () => {
    const world = ring();
    stored(world);
    const holder = world.node('5');
    holder.clockErrorMs = LEASE_MS * 2;
    world.loses = (to, { type }) => type === 'clock?' && to !== id('6');
    const lying = (nonce: string) => ({ type: 'clock', nonce, time: holder.ringTime() }) as const;
    for (let minute = 0; minute < 5; minute += 1) {
      for (const name of ['4', '9', 'a', 'c', 'd']) holder.past.receive(id(name), lying('made up'));
      world.run(MINUTE_MS);
    }
    expect(holder.disk.has(STORED.digest)).toBe(true);
  });
});

describe('a tombstone', () => {
  test('P46: ends the copies at once, and each holder says so', () => {
    const world = ring();
    stored(world);
    expect(remove(world)).toEqual({ asked: 3, kept: 3 });
    expect(world.holders(STORED)).toEqual([]);
    world.node('c').fetch(2, STORED);
    world.run(60_000);
    expect(outputsOf(world.node('c'), 'fetch-failed')).toMatchObject([{ reason: 'not-found' }]);
    expect(world.misdeedsOf('5')).toEqual([]);
  });

  test('P46: of a holder that does not answer is told as it is', () => {
    const world = ring();
    stored(world);
    world.node('5').isDeaf = true;
    expect(remove(world)).toEqual({ asked: 3, kept: 2 });
  });

  test('P46: an answer about an earlier lease, late from a slow disk, is none to this one', () => {
    const world = ring();
    stored(world);
    const late = { digest: STORED.digest, owner: world.lease('user', STORED).owner, serial: 1, held: true };
    const expires = now(world) + LEASE_MS + LEASE_SLACK_MS;
    const lease = world.lease('user', STORED, { serial: 2, ends: true, expires });
    const node = world.node('4');
    node.past.handle({ type: 'lease', request: 1_000, block: STORED, lease });
    for (const name of ['5', '6']) node.past.receive(id(name), { type: 'leased', leased: [late], members: [] });
    world.run(5_000);
    expect(outputsOf(node, 'leased')).toMatchObject([{ asked: { length: 3 }, kept: { length: 3 } }]);
  });

  test('P47: only an owner’s own lease is ended by it', () => {
    const world = ring();
    stored(world);
    bring(world, 'c', world.lease('other', STORED));
    remove(world);
    expect(world.holders(STORED)).toHaveLength(3);
    const stranger = world.lease('stranger', STORED, { serial: 7, ends: true });
    bring(world, '9', stranger);
    expect(world.holders(STORED)).toHaveLength(3);
    bring(world, 'c', world.lease('other', STORED, { serial: 2, ends: true }));
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P48: wins over the copy of a holder that was away', () => {
    const world = ring();
    stored(world);
    const { disk, leases } = world.node('5');
    const away = { disk: new Map(disk), leases: new Map(leases) };
    world.kill(world.node('5'));
    world.run(10_000);
    remove(world);
    expect(world.holders(STORED)).toEqual([]);
    world.join('5', away);
    world.run(5 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P48: is handed on to newcomers, so that it outlives all that heard it', () => {
    const world = ring();
    stored(world);
    const { disk, leases } = world.node('5');
    const away = { disk: new Map(disk), leases: new Map(leases) };
    world.kill(world.node('5'));
    world.run(10_000);
    remove(world);
    world.joinAll(['51', '52', '53']);
    world.run(2 * ROUND_MS);
    for (const name of ['4', '6', '9']) world.kill(world.node(name));
    world.run(10_000);
    world.join('5', away);
    world.run(5 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P48: is forgotten when the longest lease would have been over', () => {
    const world = ring();
    stored(world, { expires: now(world) + 60 * MINUTE_MS });
    const expires = now(world) + 60 * MINUTE_MS;
    bring(world, 'd', world.lease('user', STORED, { serial: 2, ends: true, expires }));
    expect(world.node('5').leases.size).toBe(1);
    world.run(60 * MINUTE_MS + UNTIL_SWEPT_MS);
    for (const node of world.nodes.values()) expect(node.leases.size).toBe(0);
  });

  test('P48: a block that is stored anew by another owner is there again', () => {
    const world = ring();
    stored(world);
    remove(world);
    world.node('c').store(2, STORED, world.lease('other', STORED));
    world.run(2_000);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
    world.run(5 * ROUND_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P48: comes in time for a block that is on its way', () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(70);
    const tombstone = world.lease('user', STORED, { serial: 2, ends: true });
    for (const name of ['4', '5', '6'])
      world.node(name).past.receive(id('c'), { type: 'leases', blocks: [STORED], leases: [tombstone] });
    world.run(10_000);
    expect(world.holders(STORED)).toEqual([]);
  });
});

describe('blocks of before there were leases', () => {
  test('P43: are kept for the longest time of a lease, once, wherever repair brings them', () => {
    const world = new World();
    const disk = new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]);
    const first = world.join('5', { disk });
    world.run(1_000);
    expect(first.leases.get(STORED.digest)?.leases).toEqual(unowned([STORED]));
    world.run(24 * 60 * MINUTE_MS);
    world.reload(first);
    world.joinAll(['4', '6', 'c']);
    world.run(5_000);
    for (const holder of world.holders(STORED)) {
      expect(world.node(holder).leases.get(STORED.digest)?.leases).toEqual(unowned([STORED]));
    }
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P43: nobody can make their time longer', () => {
    const world = ring();
    const short = unownedLease(STORED.digest, now(world) + MINUTE_MS);
    world.node('6').sources.add(STORED.digest);
    world.node('5').past.receive(id('6'), { ...offer([STORED], 'replicate'), leases: [short] });
    world.run(1_000);
    world.node('5').past.receive(id('6'), offer([STORED], 'replicate'));
    world.run(1_000);
    expect(world.node('5').leases.get(STORED.digest)?.leases).toEqual([short]);
  });

  test('P47: nobody’s lease brings back what its owner has deleted', () => {
    const world = ring();
    stored(world);
    remove(world);
    world.node('6').sources.add(STORED.digest);
    world.node('5').past.receive(id('6'), offer([STORED], 'replicate'));
    world.run(10_000);
    expect(world.holders(STORED)).toEqual([]);
  });
});
