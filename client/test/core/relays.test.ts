import { describe, expect, test } from 'vitest';
import type { PastryMessage, Relay } from '../../src/core/pastry/messages.ts';
import type { Timing } from '../../src/core/pastry/timing.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200'];

function relay(direction: Relay['direction'], peer: string, message: Relay['message']): PastryMessage {
  return { type: 'relay', direction, peer: id(peer), message };
}

const ping = (nodeId: string): Relay['message'] => ({ type: 'ping', nonce: 3, self: handle(id(nodeId)) });

describe('a pair that no link joins', () => {
  /** 1000 has heard of 1050, its next neighbour, and no link to it opens. */
  function apart(timing: Partial<Timing> = {}, kind: 'unreachable' | 'silent' = 'unreachable'): LoneNode {
    const lone = LoneNode.founder('1000', OTHERS, { [kind]: ['1050'], timing });
    lone.log.length = 0;
    const members = [handle(id('1050'))];
    lone.tell('1100', { type: 'leaf-set', self: handle(id('1100')), members, failed: [], asks: false, nonce: 0 });
    lone.run(5_000, OTHERS);
    return lone;
  }

  test('R30: leaves next to the other are asked to carry the messages', () => {
    const carriers = new Set<string>();
    for (const { to, message } of apart().log) {
      if (message.type !== 'relay') continue;
      expect(message).toMatchObject({ direction: 'to', peer: '1050' });
      carriers.add(to);
    }
    expect(carriers.size).toBeGreaterThan(0);
    for (const carrier of carriers) expect(OTHERS).toContain(carrier);
  });

  test('R30: nobody is asked to carry for one that did not answer the wish for a link', () => {
    expect(apart({}, 'silent').log.filter(({ message }) => message.type === 'relay')).toEqual([]);
  });

  test('R30: a relayed answer makes the other a leaf, and from then on its carrier carries everything', () => {
    const lone = apart();
    lone.tell('1100', relay('from', '1050', ping('1050')));
    expect(lone.leaves).toContain('1050');
    lone.takeSent();
    lone.input({ type: 'lookup', request: 1, key: id('1050') });
    expect(lone.takeSent()).toEqual([
      {
        to: '1100',
        message: expect.objectContaining({
          type: 'relay',
          direction: 'to',
          peer: '1050',
          message: expect.objectContaining({ type: 'routed', key: '1050' }),
        }),
      },
    ]);
  });

  test('R30: a leaf behind a relay is told as such, and its carrier is the first that may bring its blocks', () => {
    const lone = apart();
    expect(lone.node.relayed()).toEqual(new Map());
    // The next neighbours of 1050, until one has proved that it reaches it.
    expect(lone.node.carriersOf(id('1050'))).toEqual(['1100', '0f00', '1200']);
    lone.tell('1200', relay('from', '1050', ping('1050')));
    expect(lone.node.relayed()).toEqual(new Map([['1050', '1200']]));
    expect(lone.node.carriersOf(id('1050'))).toEqual(['1200', '1100', '0f00']);
    lone.input({ type: 'link-up', peer: id('1050') });
    expect(lone.node.relayed()).toEqual(new Map());
  });

  test('R30: those asked next are others, as long as there are any', () => {
    const carriers = apart()
      .log.filter(({ message }) => message.type === 'relay')
      .map(({ to }) => String(to));
    expect(carriers.slice(0, 3)).toEqual(['1100', '0f00', '1200']);
    expect(carriers[3]).toBe('0e00');
  });

  test('R30: those that are suspect, or never introduced themselves, are asked last: their links may outlive them', () => {
    const lone = LoneNode.founder('1000', OTHERS, { unreachable: ['1050'] });
    // Closer to 1050 than all others, and a link is all that is known of it.
    lone.input({ type: 'link-up', peer: id('1051') });
    lone.log.length = 0;
    const members = [handle(id('1050'))];
    lone.tell('1200', { type: 'leaf-set', self: handle(id('1200')), members, failed: [], asks: false, nonce: 0 });
    lone.run(9_000, OTHERS);
    const carriers = lone.log.filter(({ message }) => message.type === 'relay').map(({ to }) => String(to));
    expect(carriers.slice(0, 3)).toEqual(['1100', '0f00', '1200']);
    expect(carriers).toContain('1051');
  });

  test('R30: a carrier that no longer brings answers is given up for another', () => {
    const lone = apart();
    lone.tell('1100', relay('from', '1050', ping('1050')));
    lone.log.length = 0;
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
    const later = lone.log.filter(({ to, message }) => message.type === 'relay' && to !== '1100');
    expect(later.length).toBeGreaterThan(0);
  });

  test('R30, R21: a newcomer without another link yet waits for one before it gives a leaf up', () => {
    const lone = new LoneNode('1000', { unreachable: ['1050'] });
    lone.input({ type: 'start', sponsor: id('8000'), held: [] });
    const [join] = lone.takeSent('routed');
    const payload = {
      kind: 'welcome',
      rows: [],
      leafSet: [handle(id('1050'))],
      route: [id('8000'), id('1050')],
    } as const;
    lone.tell('8000', { type: 'reply', id: join?.message.id ?? '', token: 1, back: [lone.nodeId], payload });
    expect(lone.node.inspect().status).toBe('joining');
    const asked = lone.log.filter(({ to, message }) => to === '8000' && message.type === 'relay');
    expect(asked.map(({ message }) => message)).toContainEqual(
      expect.objectContaining({
        direction: 'to',
        peer: '1050',
        message: expect.objectContaining({ type: 'leaf-set' }),
      }),
    );
  });

  test('R30: the one through which a word came last carries the answer: the one before may be dead', () => {
    const lone = apart();
    lone.tell('1100', relay('from', '1050', ping('1050')));
    lone.takeSent();
    lone.tell('1200', relay('from', '1050', ping('1050')));
    const answers = lone.takeSent('relay').filter(({ message }) => message.message.type === 'pong');
    expect(answers.map(({ to }) => to)).toEqual(['1200']);
  });

  test('R30: to one that is no leaf any more a link is opened, instead of asking its former carrier for ever', () => {
    const lone = apart({ leafSetExchangeMs: 15_000 });
    const question = lone.log.map(({ message }) => message.type === 'relay' && message.message).findLast(Boolean);
    if (question === undefined || question === false || question.type !== 'leaf-set')
      throw new Error('nothing was asked');
    const answer = { ...question, self: handle(id('1050')), members: [], asks: false };
    lone.tell('1100', relay('from', '1050', answer));
    for (const nearer of ['1001', '1002']) lone.meet(nearer);
    expect(lone.leaves).not.toContain('1050');
    lone.run(20_000, [...OTHERS, '1001', '1002']);
    expect(lone.traced('failed')).toEqual([]);
    lone.takeSent();
    lone.input({ type: 'lookup', request: 1, key: id('1050') });
    expect(lone.takeSent('relay')).toEqual([]);
  });

  test('R30: one that would be no leaf here is answered all the same, and gets no place', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    const question: Relay['message'] = {
      type: 'leaf-set',
      self: handle(id('9000')),
      members: [],
      failed: [],
      asks: true,
      nonce: 7,
    };
    lone.tell('1100', relay('from', '9000', question));
    expect(lone.takeSent()).toEqual([
      {
        to: '1100',
        message: relay('to', '9000', expect.objectContaining({ type: 'leaf-set', asks: false, nonce: 7 })),
      },
    ]);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('9000');
  });

  test('R30, R48: a carrier cannot speak for a node to which there is a link', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('from', '1200', { type: 'leave', members: [] }));
    expect(lone.leaves).toContain('1200');
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });

  test('R30: nobody gets in through a relay who belongs nowhere near', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('from', '9000', ping('9000')));
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('9000');
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });
});

describe('a carrier', () => {
  test('R30: hands a message on, and says from whom it is', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('to', '0f00', ping('1100')));
    expect(lone.takeSent()).toEqual([{ to: '0f00', message: relay('from', '1100', ping('1100')) }]);
  });

  test('R30: opens a link to one of its own leaves or entries', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'link-down', peer: id('0f00'), reason: 'budget' });
    lone.tell('1100', relay('to', '0f00', ping('1100')));
    expect(lone.takeReceivers('relay')).toEqual(['0f00']);
  });

  test('R30: opens no links to strangers', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('to', '9000', ping('1100')));
    expect(lone.takeSent()).toEqual([]);
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });
});
