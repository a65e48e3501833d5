// What a peer can make a node do by naming others, by answers that nobody asked for, and by more messages than an honest one sends.

import { describe, expect, test } from 'vitest';
import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import { HearsayBudget } from '../../src/core/pastry/membership/hearsay.ts';
import { type LeafSetMessage, type PastryMessage, UNASKED } from '../../src/core/pastry/messages.ts';
import { MAX_HOPS } from '../../src/core/pastry/routing/hops.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200', '8000'];
const LEAF_SET_SIZE = 4;
/** What a teller may have pursued at once, and how many more in a minute. */
const BURST = 16 + LEAF_SET_SIZE;
const A_MINUTE = 15;

/** Nobody has these ids. */
function invented(number: number): Id {
  const found = idFromPrefix((0x2000 + number * 7).toString(16), 4);
  if (found === undefined) throw new Error('no id');
  return found;
}

/** 1000 among others; to nobody else does a link open. */
function founder(): LoneNode {
  const silent = Array.from({ length: 3_000 }, (_, number) => invented(number));
  const lone = LoneNode.founder('1000', OTHERS, { silent, leafSetSize: LEAF_SET_SIZE });
  lone.connects.length = 0;
  lone.outputs.length = 0;
  return lone;
}

function leafSetWith(names: readonly Id[], nonce: number, by = '1100'): LeafSetMessage {
  const members = names.map((nodeId) => ({ nodeId, epoch: 1 }));
  return { type: 'leaf-set', self: handle(id(by)), members, failed: [], asks: false, nonce };
}

function rowWith(names: readonly Id[], nonce: number, by = '8000'): PastryMessage {
  const entries = names.map((nodeId) => handle(nodeId));
  return { type: 'row', self: handle(id(by)), row: 0, entries, asks: false, nonce };
}

describe('a peer that speaks of nodes that are not there', () => {
  test('R70: five a second for a minute cost no more links than its budget, and it is told of by name', () => {
    const lone = founder();
    for (let second = 0; second < 60; second += 1) {
      for (let number = 0; number < 5; number += 1) {
        // Nearer than the leaves, so that each is wanted.
        const nodeId = idFromPrefix((0x1001 + ((second * 5 + number) % 254)).toString(16), 4);
        if (nodeId === undefined) throw new Error('no id');
        lone.tell('1100', { ...leafSetWith([], UNASKED), members: [{ nodeId, epoch: 1 + second }] });
      }
      lone.run(1_000, OTHERS);
    }
    const strangers = lone.connects.filter((nodeId) => !OTHERS.includes(nodeId));
    expect(strangers.length).toBeGreaterThan(10);
    expect(strangers.length).toBeLessThanOrEqual(BURST + A_MINUTE);
    expect(lone.node.counters.get('hearsay-not-pursued')).toBeGreaterThan(0);
    expect(lone.outputs).toContainEqual({
      type: 'misdeed',
      nodeId: '1100',
      what: 'speaks of too many nodes that do not answer',
    });
  });

  test('R70: another, and those who answer, are not held up by it', () => {
    const budget = new HearsayBudget(LEAF_SET_SIZE);
    const ask = (nodeId: Id, now = 0): boolean => budget.ask(nodeId, now).mayAsk;
    for (let number = 0; number < 100; number += 1) budget.named(id('8000'), invented(number));
    const asked = Array.from({ length: 100 }, (_, number) => ask(invented(number)));
    expect(asked.filter(Boolean)).toHaveLength(BURST);
    expect(budget.ask(invented(99), 0)).toEqual({ mayAsk: false, tooMuch: '8000' });
    budget.named(id('1100'), invented(200));
    // Who names it second does not answer for it.
    budget.named(id('1100'), invented(99));
    expect([ask(invented(200)), ask(invented(99))]).toEqual([true, false]);
    // As many as one likes, if they are there.
    for (let number = 1_000; number < 3_000; number += 1) {
      budget.named(id('0f00'), invented(number));
      expect(ask(invented(number))).toBe(true);
      budget.met(invented(number));
    }
    // A minute later there is some room again.
    const later = Array.from({ length: 100 }, (_, number) => ask(invented(300 + number), 60_000));
    expect(later.filter(Boolean).length).toBe(100);
  });

  test('R70: all tellers together have a budget, too', () => {
    const budget = new HearsayBudget(LEAF_SET_SIZE);
    let asked = 0;
    for (let number = 0; number < 2_000; number += 1) {
      const teller = idFromPrefix((0xa000 + number).toString(16), 4);
      if (teller !== undefined) budget.named(teller, invented(number));
      if (budget.ask(invented(number), 0).mayAsk) asked += 1;
    }
    expect(asked).toBe(192 + LEAF_SET_SIZE);
  });
});

describe('what nobody asked for', () => {
  const names = Array.from({ length: 200 }, (_, number) => invented(number));

  test.each<[string, PastryMessage]>([
    ['entries', { type: 'entries', self: handle(id('8000')), entries: names.map((nodeId) => handle(nodeId)) }],
    ['row', rowWith(names, 4_711)],
    ['leaf-set', { ...leafSetWith(names, 4_711, '8000'), failed: [{ nodeId: id('1100'), epoch: 1 }] }],
    ['pong', { type: 'pong', nonce: 4_711, self: handle(id('8000')) }],
  ])('R71: %s have no effect but a count', (kind, message) => {
    const lone = founder();
    lone.tell('8000', message);
    lone.run(10_000, OTHERS);
    expect(lone.connects).toEqual([]);
    expect(lone.takeSent()).toEqual([]);
    expect(lone.node.counters.get(`unasked-${kind}`)).toBe(1);
  });

  test('R72: answers whose way back names strangers open no links, and leave no records', () => {
    const lone = founder();
    const before = lone.node.peerCount;
    for (let number = 0; number < 100; number += 1) {
      const payload = { kind: 'found', route: [id('8000')] } as const;
      const back = [lone.nodeId, invented(number), invented(1_000 + number)];
      lone.tell('8000', { type: 'reply', id: 'ab'.repeat(16), token: number, back, payload, proof: undefined });
    }
    expect(lone.connects).toEqual([]);
    expect(lone.node.peerCount).toBe(before);
    expect(lone.takeSent('reply')).toEqual([]);
  });
});

describe('a flood', () => {
  function lookups(lone: LoneNode, count: number, from = '8000'): void {
    for (let number = 0; number < count; number += 1) {
      const name = `${from}${number}`.padStart(32, '0');
      const payload = { kind: 'lookup' } as const;
      lone.tell(from, { type: 'routed', id: name, key: id('1100'), token: number, route: [id(from)], payload });
    }
  }

  test('R73: of lookups of one peer goes no further than its budget; another’s do', () => {
    const lone = founder();
    lookups(lone, 3_000);
    expect(lone.takeSent('routed')).toHaveLength(2_000);
    expect(lone.node.counters.get('routed-too-many')).toBe(1_000);
    expect(lone.outputs).toContainEqual({
      type: 'misdeed',
      nodeId: '8000',
      what: 'more lookups than one node routes',
    });
    lookups(lone, 10, '0f00');
    expect(lone.takeSent('routed')).toHaveLength(10);
    lone.now += 1_000;
    lone.tell('8000', {
      ...{ type: 'routed', id: 'f'.repeat(32), key: id('1100'), token: 1, route: [id('8000')] },
      payload: { kind: 'lookup' },
    });
    expect(lone.takeSent('routed')).toHaveLength(1);
  });

  test('R74: fills no table of a node beyond its bound: the oldest transmission is given up', () => {
    const lone = founder();
    for (const from of ['8000', '0e00', '0f00', '1200']) lookups(lone, 2_000, from);
    expect(lone.takeSent('routed')).toHaveLength(8_000);
    expect(lone.node.counters.get('hops-overflow')).toBe(8_000 - MAX_HOPS);
  });
});

describe('the memory of the dead', () => {
  test('R75: a life that others made up hides no true one', () => {
    // 1050 is named with a far epoch, and no link opens to it.
    const forged = { nodeId: id('1050'), epoch: 1e12 };
    const silent = LoneNode.founder('1000', OTHERS, { silent: ['1050'], leafSetSize: LEAF_SET_SIZE });
    silent.tell('1100', { ...leafSetWith([], UNASKED), members: [forged] });
    silent.run(3_000, OTHERS);
    silent.connects.length = 0;
    silent.tell('1200', { ...leafSetWith([], UNASKED, '1200'), members: [{ nodeId: id('1050'), epoch: 3 }] });
    expect(silent.connects).toEqual([id('1050')]);
  });
});
