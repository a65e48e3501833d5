// Leaves that no link reaches: who carries for them, whom they are heard as, and what a carrier can not do.

import { describe, expect, test } from 'vitest';
import type { Direct, PastryMessage, Relay } from '../../src/core/pastry/messages.ts';
import type { Timing } from '../../src/core/pastry/timing.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200'];

/** As it travels. */
function relay(direction: Relay['direction'], peer: string): PastryMessage {
  return { type: 'relay', direction, peer: id(peer), sealed: { certificate: 'c', number: 1, text: 'AAAA' } };
}

function leafSetQuestion(nodeId: string): Direct {
  return { type: 'leaf-set', self: handle(id(nodeId)), members: [], failed: [], asks: true, nonce: 7 };
}

const ping = (nodeId: string): Direct => ({ type: 'ping', nonce: 3, self: handle(id(nodeId)) });

describe('a pair that no link joins', () => {
  /** 1000 has heard of 1050, its next neighbour, and no link to it opens. */
  function apart(timing: Partial<Timing> = {}, kind: 'unreachable' | 'silent' = 'unreachable'): LoneNode {
    const lone = LoneNode.founder('1000', OTHERS, { [kind]: ['1050'], timing });
    lone.carried.length = 0;
    const members = [handle(id('1050'))];
    lone.tell('1100', { type: 'leaf-set', self: handle(id('1100')), members, failed: [], asks: false, nonce: 0 });
    lone.run(5_000, OTHERS);
    return lone;
  }

  test('R30: leaves next to the other are asked to carry the messages', () => {
    const { carried } = apart();
    expect(carried.length).toBeGreaterThan(0);
    for (const { to, carrier } of carried) {
      expect(to).toBe('1050');
      expect(OTHERS).toContain(carrier);
    }
  });

  test('R30: nobody is asked to carry for one that did not answer the wish for a link', () => {
    expect(apart({}, 'silent').carried).toEqual([]);
  });

  test('R30: a relayed answer makes the other a leaf, and from then on its carrier carries everything', () => {
    const lone = apart();
    lone.bring('1100', '1050', ping('1050'));
    expect(lone.leaves).toContain('1050');
    lone.takeSent();
    lone.input({ type: 'lookup', request: 1, key: id('1050') });
    expect(lone.takeSent()).toEqual([]);
    expect(lone.carried.at(-1)).toMatchObject({
      carrier: '1100',
      to: '1050',
      message: { type: 'routed', key: '1050' },
    });
  });

  test('R30: a leaf behind a relay is told as such, and its carrier is the first that may bring its blocks', () => {
    const lone = apart();
    expect(lone.node.relayed()).toEqual(new Map());
    // The next neighbours of 1050, until one has proved that it reaches it.
    expect(lone.node.carriersOf(id('1050'))).toEqual(['1100', '0f00', '1200']);
    lone.bring('1200', '1050', ping('1050'));
    expect(lone.node.relayed()).toEqual(new Map([['1050', '1200']]));
    expect(lone.node.carriersOf(id('1050'))).toEqual(['1200', '1100', '0f00']);
    lone.input({ type: 'link-up', peer: id('1050') });
    expect(lone.node.relayed()).toEqual(new Map());
  });

  test('R30: those asked next are others, as long as there are any', () => {
    const carriers = apart().carried.map(({ carrier }) => String(carrier));
    expect(carriers.slice(0, 3)).toEqual(['1100', '0f00', '1200']);
    expect(carriers[3]).toBe('0e00');
  });

  test('R30: those that are suspect, or never introduced themselves, are asked last: their links may outlive them', () => {
    const lone = LoneNode.founder('1000', OTHERS, { unreachable: ['1050'] });
    // Closer to 1050 than all others, and a link is all that is known of it.
    lone.input({ type: 'link-up', peer: id('1051') });
    lone.carried.length = 0;
    const members = [handle(id('1050'))];
    lone.tell('1200', { type: 'leaf-set', self: handle(id('1200')), members, failed: [], asks: false, nonce: 0 });
    lone.run(9_000, OTHERS);
    const carriers = lone.carried.map(({ carrier }) => String(carrier));
    expect(carriers.slice(0, 3)).toEqual(['1100', '0f00', '1200']);
    expect(carriers).toContain('1051');
  });

  test('R30: a carrier that no longer brings answers is given up for another', () => {
    const lone = apart();
    lone.bring('1100', '1050', ping('1050'));
    lone.carried.length = 0;
    lone.tell('1200', {
      type: 'leaf-set',
      self: handle(id('1200')),
      members: [],
      failed: [handle(id('1050'))],
      asks: false,
      nonce: 0,
    });
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'lost' });
    lone.run(3_000, ['0e00', '0f00', '1200']);
    expect(lone.carried.some(({ carrier }) => carrier !== '1100')).toBe(true);
  });

  test('R30, R21: a newcomer without another link yet waits for one before it gives a leaf up', () => {
    const lone = new LoneNode('1000', { unreachable: ['1050'] });
    lone.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    const [join] = lone.takeSent('routed');
    const payload = {
      kind: 'welcome',
      rows: [],
      leafSet: [handle(id('1050'))],
      route: [lone.nodeId, id('8000'), id('1050')],
    } as const;
    lone.answer('8000', join?.message.id ?? '', payload);
    expect(lone.node.inspect().status).toBe('joining');
    const message = expect.objectContaining({ type: 'leaf-set' });
    expect(lone.carried).toContainEqual({ type: 'relay', carrier: '8000', to: '1050', message });
  });

  test('R30: the one through which a word came last carries the answer: the one before may be dead', () => {
    const lone = apart();
    lone.bring('1100', '1050', ping('1050'));
    lone.carried.length = 0;
    lone.bring('1200', '1050', ping('1050'));
    const answers = lone.carried.filter(({ message }) => message.type === 'pong');
    expect(answers.map(({ carrier }) => carrier)).toEqual(['1200']);
  });

  test('R30: to one that is no leaf any more a link is opened, instead of asking its former carrier for ever', () => {
    const lone = apart({ leafSetExchangeMs: 15_000 });
    const question = lone.carried.at(-1)?.message;
    if (question?.type !== 'leaf-set') throw new Error('nothing was asked');
    const answer = { ...question, self: handle(id('1050')), members: [], asks: false };
    lone.bring('1100', '1050', answer);
    for (const nearer of ['1001', '1002']) lone.meet(nearer);
    expect(lone.leaves).not.toContain('1050');
    lone.run(20_000, [...OTHERS, '1001', '1002']);
    expect(lone.traced('failed')).toEqual([]);
    lone.carried.length = 0;
    lone.input({ type: 'lookup', request: 1, key: id('1050') });
    expect(lone.carried).toEqual([]);
  });

  test('R30: one that would be no leaf here is answered all the same, and gets no place', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.bring('1100', '9000', leafSetQuestion('9000'));
    expect(lone.takeSent()).toEqual([]);
    const message = expect.objectContaining({ type: 'leaf-set', asks: false, nonce: 7 });
    expect(lone.carried).toEqual([{ type: 'relay', carrier: '1100', to: '9000', message }]);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('9000');
  });

  test('R30, R48: a carrier cannot speak for a node to which there is a link', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.bring('1100', '1200', { type: 'leave', members: [] });
    expect(lone.leaves).toContain('1200');
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });

  test('R30: nobody gets in through a relay who belongs nowhere near', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.bring('1100', '9000', ping('9000'));
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('9000');
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });
});

describe('one that others bring here, and to which this node has tried no link', () => {
  test('R60: is no leaf, however near: it is asked over a link, as any that is told of', () => {
    const lone = LoneNode.founder('1000', OTHERS, { timing: { leafRepairMs: 1_500 } });
    lone.bring('1100', '1050', ping('1050'));
    expect(lone.leaves).not.toContain('1050');
    expect(lone.node.relayed()).toEqual(new Map());
    expect(lone.takeSent('leaf-set').map(({ to }) => to)).toEqual(['1050']);
    lone.meet('1050');
    expect(lone.leaves).toContain('1050');
  });

  test('R60: is answered all the same, by the one that brought it', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.bring('1100', '1050', leafSetQuestion('1050'));
    const message = expect.objectContaining({ type: 'leaf-set', asks: false, nonce: 7 });
    expect(lone.carried).toEqual([{ type: 'relay', carrier: '1100', to: '1050', message }]);
  });

  test('R60: holds nothing and has lost nothing, whatever it says', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.bring('1100', '1050', { type: 'lost', digests: ['ab'.repeat(32)] });
    lone.bring('1100', '1050', { type: 'leave', members: [{ nodeId: id('1060'), epoch: 1 }] });
    expect(lone.node.counters.get('relays-refused')).toBe(2);
    expect(lone.takeSent()).toEqual([]);
  });

  test('R60: is a leaf once this node’s own attempt has failed', () => {
    const lone = LoneNode.founder('1000', OTHERS, { unreachable: ['1050'] });
    lone.bring('1100', '1050', ping('1050'));
    expect(lone.leaves).not.toContain('1050');
    expect(lone.carried.map(({ to }) => String(to))).toContain('1050');
    lone.bring('1200', '1050', ping('1050'));
    expect(lone.leaves).toContain('1050');
  });

  test('R60: is a leaf once its own attempt at this node has failed, as this node saw', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'no-path', peer: id('1050') });
    lone.bring('1100', '1050', ping('1050'));
    expect(lone.leaves).toContain('1050');
    expect(lone.node.relayed()).toEqual(new Map([['1050', '1100']]));
  });

  test('R60: of twenty at once none becomes a leaf, and none is believed', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 16 });
    const invented = Array.from({ length: 20 }, (_, index) => (0x1001 + index).toString(16));
    for (const name of invented) lone.bring('1100', name, leafSetQuestion(name));
    expect(lone.leaves).toEqual(OTHERS);
    expect(lone.node.relayed()).toEqual(new Map());
  });
});

describe('a carrier', () => {
  test('R30: hands a message on as it is, and says from whom it is', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('to', '0f00'));
    expect(lone.takeSent()).toEqual([{ to: '0f00', message: relay('from', '1100') }]);
  });

  test('R30: opens a link to one of its own leaves or entries', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'link-down', peer: id('0f00'), reason: 'budget' });
    lone.tell('1100', relay('to', '0f00'));
    expect(lone.takeReceivers('relay')).toEqual(['0f00']);
  });

  test('R30: opens no links to strangers', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('to', '9000'));
    expect(lone.takeSent()).toEqual([]);
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });

  test('R59: is not heard with a message that nobody has opened', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('from', '1050'));
    expect(lone.leaves).not.toContain('1050');
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });
});

test('R30: a leaf, or who had its messages carried lately, is a neighbour whom blocks are brought to; others are not', () => {
  const lone = LoneNode.founder('1000', [...OTHERS, '8000']);
  const isNeighbour = (nodeId: string): boolean => lone.node.isNeighbour(id(nodeId));
  expect(['1100', '8000', '9000'].map(isNeighbour)).toEqual([true, false, false]);
  lone.tell('8000', relay('to', '1100'));
  expect(isNeighbour('8000')).toBe(true);
  // What is carried for nobody makes nobody a neighbour.
  lone.tell('9000', relay('to', '1100'));
  expect(isNeighbour('9000')).toBe(false);
  lone.run(600_000, [...OTHERS, '8000']);
  lone.input({ type: 'wake' });
  expect(isNeighbour('8000')).toBe(false);
});
