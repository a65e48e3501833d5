// What no correct node sends: refused at the gate and held against the link's far end.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import type { RoutedPayload } from '../../src/core/pastry/messages.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import { handle, id } from '../peer/ids.ts';
import { GatedNode } from './gated-node.ts';

const authority = new CheapAuthority(new Rng(5));

function node(name: string, role: 'node' | 'client' = 'node'): GatedNode {
  return new GatedNode(authority.scheme({ role, nodeId: id(name), epoch: 1, device: `device-${name}` }));
}

const self = handle('1');
const lookup = { kind: 'lookup' } as const;
const join = (joiner = self): RoutedPayload => ({ kind: 'join', joiner, rows: [] });

function routed(route: readonly string[], payload: RoutedPayload = lookup): Message {
  return { type: 'routed', id: 'ab'.repeat(16), key: id('7'), token: 1, route: route.map(id), payload };
}

function reply(payload: 'signal' | 'found'): Message {
  const content =
    payload === 'signal' ? ({ kind: 'signal', data: 'x' } as const) : { kind: 'found' as const, route: [] };
  return { type: 'reply', id: 'ab'.repeat(16), token: 1, back: [id('9'), id('8')], payload: content, proof: undefined };
}

/** What the gate of another has against a message that came over the link of node 1. */
function against(message: Message, role: 'node' | 'client' = 'node'): string | undefined {
  const [receiver, sender] = [node('7'), node('1', role)];
  receiver.gate.receive(sender.speaker, message, () => undefined);
  expect(receiver.misdeeds.every(({ peer }) => peer === sender.nodeId)).toBe(true);
  return receiver.misdeeds[0]?.what;
}

describe('a node', () => {
  const questions: readonly ((handle: typeof self) => Message)[] = [
    (who) => ({ type: 'ping', nonce: 1, self: who }),
    (who) => ({ type: 'pong', nonce: 1, self: who }),
    (who) => ({ type: 'leaf-set', self: who, members: [], failed: [], asks: true, nonce: 1 }),
    (who) => ({ type: 'row', self: who, row: 0, entries: [], asks: true, nonce: 1 }),
    (who) => ({ type: 'cells', self: who, cells: [] }),
    (who) => ({ type: 'entries', self: who, entries: [] }),
    (who) => routed(['1'], join(who)),
  ];

  test('R62: says what its certificate says', () => {
    for (const message of questions) expect(against(message(self))).toBeUndefined();
  });

  test('R48, R62: has no other name, life or device', () => {
    for (const message of questions) {
      expect(against(message(handle('2')))).toBe('words in the name of another node');
      expect(against(message({ ...self, epoch: 2 }))).toBe('words of a life that is not the certified one');
      expect(against(message({ ...self, device: 'x' }))).toBe('words of a device that is not the certified one');
    }
  });

  test('R62: stands last on the routes of what it sends on', () => {
    expect(against(routed(['9', '1']))).toBeUndefined();
    expect(against(routed(['9', '1'], join(handle('9'))))).toBeUndefined();
    for (const route of [['1', '9'], ['9'], []]) {
      expect(against(routed(route))).toBe('a route that does not end with its sender');
    }
  });
});

describe('a client', () => {
  const allowed: readonly Message[] = [
    routed(['1']),
    routed(['1'], { kind: 'signal', data: 'x' }),
    reply('signal'),
    { type: 'ack', token: 1, coordinate: self.coordinate },
    { type: 'offer', blocks: [], intent: 'store', orders: [], leases: [] },
    { type: 'records?', key: id('7') },
    { type: 'holds?', key: id('7'), digests: ['ab'.repeat(32)], orders: [] },
    { type: 'bad-copy', digest: 'ab'.repeat(32) },
  ];

  test('R62: asks, signals, stores and fetches', () => {
    for (const message of allowed) expect(against(message, 'client')).toBeUndefined();
  });

  test('R62: is no member, joins nothing, and carries nothing', () => {
    const sealed = { certificate: 'c', number: 1, text: '' };
    const refused: readonly (readonly [Message, string])[] = [
      [{ type: 'ping', nonce: 1, self }, 'a client that speaks as a member: ping'],
      [{ type: 'leave', members: [] }, 'a client that speaks as a member: leave'],
      [{ type: 'holding', digests: [], receipts: [] }, 'a client that speaks as a member: holding'],
      [
        { type: 'holds', digests: [], missing: [], pointers: [], receipts: [], members: [] },
        'a client that speaks as a member: holds',
      ],
      [
        { type: 'copies', digest: 'ab'.repeat(32), holders: [], receipts: [], wanted: 1 },
        'a client that speaks as a member: copies',
      ],
      [{ type: 'relay', direction: 'to', peer: id('9'), sealed }, 'a client that speaks as a member: relay'],
      [routed(['1'], join()), 'a client that would join'],
      [routed(['9', '1']), 'a client that carries messages of others'],
      [reply('found'), 'a client that answers for the ring'],
    ];
    for (const [message, what] of refused) expect(against(message, 'client')).toBe(what);
  });
});
