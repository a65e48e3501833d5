import { describe, expect, test } from 'vitest';
import type { PastryMessage, Relay } from '../../src/core/pastry/messages.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200'];

function relay(direction: Relay['direction'], peer: string, message: Relay['message']): PastryMessage {
  return { type: 'relay', direction, peer: id(peer), message };
}

const ping = (nodeId: string): Relay['message'] => ({ type: 'ping', nonce: 3, self: handle(id(nodeId)) });

describe('a pair that no link joins', () => {
  /** 1000 has heard of 1050, its next neighbour, and no link to it opens. */
  function apart(): LoneNode {
    const lone = LoneNode.founder('1000', OTHERS, { unreachable: ['1050'] });
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

  test('R30: opens no links for others', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', relay('to', '9000', ping('1100')));
    expect(lone.takeSent()).toEqual([]);
    expect(lone.node.counters.get('relays-refused')).toBe(1);
  });
});
