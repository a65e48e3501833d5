// What the simulated network does to hosts, links and messages.

import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/io.ts';
import { ack, createWorld, DELAY_MS, idOf } from './fake-machine.ts';

const a = idOf('a');
const b = idOf('b');
const c = idOf('c');
const send = (to: typeof a, token: number): Output => ({ type: 'send', to, message: ack(token) });

describe('hosts', () => {
  it('are woken at their deadline, once, by their own clock', () => {
    const world = createWorld('instant');
    const { host, machine } = world.add('a', 1_000.1);
    machine.wakeAt = 1_000.1 + 33.3;
    world.network.deliver(host, { type: 'wake' });
    world.schedule.runUntil(1_000);
    expect(machine.log).toEqual(['wake', 'wake']);
    expect(machine.inputs[1]?.now).toBeCloseTo(1_033.4, 9);
  });

  it('are woken by the nearest of several deadlines, and not by one that was put off', () => {
    const world = createWorld('instant');
    const { host, machine } = world.add('a');
    for (const wakeAt of [500, 100, 300]) {
      machine.wakeAt = wakeAt;
      world.network.deliver(host, { type: 'sponsor', sponsor: undefined });
    }
    world.schedule.runUntil(10_000);
    expect(machine.inputs.filter(({ input }) => input.type === 'wake').map(({ now }) => now)).toEqual([300]);
  });

  it('take nothing while frozen and everything after, late, before the wake', () => {
    const world = createWorld('instant');
    const { host, machine } = world.add('a');
    const other = world.add('b');
    machine.wakeAt = 50;
    world.network.deliver(host, { type: 'wake' });
    world.network.freeze(host, 60_000);
    world.act(other.host, send(a, 1), send(a, 2));
    world.schedule.runUntil(59_999);
    expect(machine.log).toEqual(['wake']);
    world.schedule.runUntil(60_001);
    expect(machine.log).toEqual(['wake', 'ack 1', 'ack 2', 'wake']);
    expect(machine.inputs.at(-1)?.now).toBe(60_000);
  });

  it('take nothing any more once stopped, and a later life of the id gets what is sent to it', () => {
    const world = createWorld('instant');
    const { host, machine } = world.add('a');
    const other = world.add('b');
    world.act(other.host, send(a, 1));
    world.network.stop(host, 'silent');
    const reborn = world.add('a');
    world.act(other.host, send(a, 2));
    world.schedule.runUntil(100);
    expect(machine.log).toEqual([]);
    expect(reborn.machine.log).toEqual(['ack 2']);
  });
});

describe('instant links', () => {
  it('open at once and deliver after the delay', () => {
    const world = createWorld('instant');
    const from = world.add('a');
    const to = world.add('b');
    world.act(from.host, { type: 'connect', peer: b }, send(b, 1));
    world.schedule.runUntil(0);
    expect(from.machine.log).toEqual(['link-up']);
    expect(to.machine.log).toEqual([]);
    world.schedule.runUntil(DELAY_MS);
    expect(to.machine.inputs).toEqual([{ input: { type: 'message', from: a, message: ack(1) }, now: DELAY_MS }]);
    expect(world.network.inFlight).toBe(0);
  });

  it('lose the given share of messages', () => {
    const world = createWorld('instant');
    const from = world.add('a');
    const to = world.add('b');
    world.conditions.lossRate = 0.05;
    for (let token = 0; token < 20_000; token += 1) world.act(from.host, send(b, token));
    world.schedule.runUntil(1_000);
    expect(to.machine.inputs.length / 20_000).toBeCloseTo(0.95, 2);
  });

  it('carry nothing across a partition, and everything after it', () => {
    const world = createWorld('instant');
    const from = world.add('a');
    const near = world.add('b');
    const far = world.add('c');
    world.conditions.partition(new Map([[c, 1]]));
    world.act(from.host, send(b, 1), send(c, 2));
    world.schedule.runUntil(100);
    world.conditions.healPartition();
    world.act(from.host, send(c, 3));
    world.schedule.runUntil(200);
    expect(near.machine.log).toEqual(['ack 1']);
    expect(far.machine.log).toEqual(['ack 3']);
  });

  it('fail between a pair that cannot link, both ways, and for about the given share of pairs', () => {
    const world = createWorld('instant');
    const { conditions } = world;
    conditions.unlinkableShare = 1;
    const from = world.add('a');
    world.add('b');
    world.act(from.host, { type: 'connect', peer: b });
    world.schedule.runUntil(0);
    expect(from.machine.log).toEqual(['link-failed unreachable']);
    conditions.unlinkableShare = 0.3;
    let blocked = 0;
    const ids = [...'0123456789abcdef'].map(idOf);
    for (const one of ids) {
      for (const other of ids) {
        expect(conditions.canLink(one, other)).toBe(conditions.canLink(other, one));
        if (one < other && !conditions.canLink(one, other)) blocked += 1;
      }
    }
    expect(blocked / 120).toBeGreaterThan(0.15);
    expect(blocked / 120).toBeLessThan(0.45);
  });
});

describe('links with handshakes', () => {
  /** Long enough for a handshake of five round trips. */
  const OPEN_MS = 200;

  function linked() {
    const world = createWorld('handshake');
    const near = world.add('a');
    const far = world.add('b');
    world.act(near.host, { type: 'connect', peer: b });
    world.schedule.runUntil(OPEN_MS);
    expect(near.machine.log).toEqual(['link-up']);
    expect(far.machine.log).toEqual(['link-up']);
    near.machine.inputs.length = 0;
    far.machine.inputs.length = 0;
    return { ...world, near, far };
  }

  it('take round trips to open; what is sent meanwhile waits', () => {
    const world = createWorld('handshake');
    const from = world.add('a');
    const to = world.add('b');
    world.act(from.host, { type: 'connect', peer: b }, send(b, 1), send(b, 2));
    world.schedule.runUntil(10 * DELAY_MS);
    expect(to.machine.log).toEqual([]);
    world.schedule.runUntil(OPEN_MS);
    expect(to.machine.log).toEqual(['link-up', 'ack 1', 'ack 2']);
    expect(world.network.inFlight).toBe(0);
  });

  it('open once if both sides ask', () => {
    const world = createWorld('handshake');
    const one = world.add('a');
    const other = world.add('b');
    world.act(one.host, { type: 'connect', peer: b });
    world.act(other.host, { type: 'connect', peer: a });
    world.schedule.runUntil(OPEN_MS);
    expect([one.machine.log, other.machine.log]).toEqual([['link-up'], ['link-up']]);
  });

  it('never let a message overtake another, however much delays vary', () => {
    const { near, far, conditions, act, schedule } = linked();
    conditions.jitter = 5;
    conditions.lossRate = 0.3;
    conditions.lossEffect = 'delay';
    for (let token = 0; token < 200; token += 1) {
      act(near.host, send(b, token));
      schedule.runUntil(schedule.now + 1);
    }
    schedule.runUntil(schedule.now + 600_000);
    expect(far.machine.log).toEqual(Array.from({ length: 200 }, (_, token) => `ack ${token}`));
  });

  it('say who cannot be reached: nobody of that id soon, a silent one late', () => {
    const world = createWorld('handshake', (id) => id === c);
    const from = world.add('a');
    world.act(from.host, { type: 'connect', peer: b }, { type: 'connect', peer: c });
    world.schedule.runUntil(1_000);
    expect(from.machine.log).toEqual(['link-failed no-such-peer']);
    world.schedule.runUntil(20_000);
    expect(from.machine.log).toEqual(['link-failed no-such-peer', 'link-failed no-answer']);
  });

  it('tell the other side why they are closed, after what was sent before', () => {
    const { near, far, act, schedule } = linked();
    act(near.host, send(b, 1), { type: 'disconnect', peer: b, reason: 'budget' });
    schedule.runUntil(schedule.now + 100);
    expect(far.machine.log).toEqual(['ack 1', 'link-down budget']);
    expect(near.machine.log).toEqual([]);
  });

  it('stay open for fifteen seconds after a silent death, and close at once when a page closes', () => {
    const silent = linked();
    silent.network.stop(silent.far.host, 'silent');
    silent.schedule.runUntil(silent.schedule.now + 15_000);
    expect(silent.near.machine.log).toEqual([]);
    silent.schedule.runUntil(silent.schedule.now + 1_000);
    expect(silent.near.machine.log).toEqual(['link-down lost']);
    const closed = linked();
    closed.network.stop(closed.far.host, 'closed');
    closed.schedule.runUntil(closed.schedule.now + 200);
    expect(closed.near.machine.log).toEqual(['link-down lost']);
  });

  it('are replaced when a reloaded node calls before its death was noticed', () => {
    const { near, far, network, act, add, schedule } = linked();
    network.stop(far.host, 'silent');
    const reborn = add('b');
    act(reborn.host, { type: 'connect', peer: a });
    schedule.runUntil(schedule.now + OPEN_MS);
    expect(near.machine.log).toEqual(['link-down lost', 'link-up']);
    act(near.host, send(b, 1));
    schedule.runUntil(schedule.now + 30_000);
    expect(reborn.machine.log).toEqual(['link-up', 'ack 1']);
    expect(near.machine.log).toEqual(['link-down lost', 'link-up']);
  });

  it('hold messages back through a short partition and break in a long one', () => {
    const short = linked();
    short.conditions.partition(new Map([[b, 1]]));
    short.network.links.conditionsChanged();
    short.act(short.near.host, send(b, 1));
    short.schedule.runUntil(short.schedule.now + 5_000);
    expect(short.far.machine.log).toEqual([]);
    short.conditions.healPartition();
    short.network.links.conditionsChanged();
    short.schedule.runUntil(short.schedule.now + 60_000);
    expect(short.far.machine.log).toEqual(['ack 1']);
    const long = linked();
    long.conditions.partition(new Map([[b, 1]]));
    long.network.links.conditionsChanged();
    long.schedule.runUntil(long.schedule.now + 16_000);
    expect(long.far.machine.log).toEqual(['link-down lost']);
    expect(long.near.machine.log).toEqual(['link-down lost']);
  });

  it('break when a node is frozen for long', () => {
    const { near, far, network, schedule } = linked();
    network.freeze(far.host, 60_000);
    schedule.runUntil(schedule.now + 16_000);
    expect(near.machine.log).toEqual(['link-down lost']);
    expect(far.machine.log).toEqual([]);
    schedule.runUntil(schedule.now + 60_000);
    expect(far.machine.log).toEqual(['link-down lost', 'wake']);
  });
});
