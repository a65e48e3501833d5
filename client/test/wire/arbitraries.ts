// Random messages of every kind, for fast-check. The compiler makes sure that no kind is missing.

import fc from 'fast-check';
import type { Message } from '../../src/core/messages.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import { type Id, isId } from '../../src/core/pastry/id.ts';
import type { PastryMessage, Relay, ReplyPayload, RoutedPayload } from '../../src/core/pastry/messages.ts';
import type { Coordinate, Hearsay, NodeHandle, NodeLife } from '../../src/core/pastry/node-handle.ts';

export const DIGITS = 8;

type ByType<M extends { readonly type: string }> = {
  readonly [T in M['type']]: fc.Arbitrary<Extract<M, { readonly type: T }>>;
};

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((a) => a.join(''));
const id = hex(DIGITS).filter((text): text is Id => isId(text, DIGITS));
const digest = hex(64);
const natural = fc.maxSafeNat();
const hundredths = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);
const coordinate: fc.Arbitrary<Coordinate> = fc.record({
  x: hundredths(-1000, 1000),
  y: hundredths(-1000, 1000),
  height: hundredths(0, 1000),
  error: hundredths(0, 1),
});
const device = fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/);
const handle: fc.Arbitrary<NodeHandle> = fc.record({ nodeId: id, epoch: natural, device, coordinate });
const lives: fc.Arbitrary<NodeLife[]> = fc.array(fc.record({ nodeId: id, epoch: natural }), { maxLength: 6 });
const hearsay: fc.Arbitrary<Hearsay[]> = fc.array(fc.record({ nodeId: id, epoch: natural, coordinate }), {
  maxLength: 6,
});
const rows = fc.array(hearsay, { maxLength: 3 });
const route = fc.array(id, { maxLength: 6 });
const block: fc.Arbitrary<BlockRef> = fc.record({ key: id, digest, size: fc.nat(4 * 1024 * 1024) });
const digests = fc.array(digest, { maxLength: 4 });
const requestId = fc
  .tuple(id, fc.array(natural, { minLength: 1, maxLength: 3 }))
  .map(([origin, numbers]) => [origin, ...numbers].join('.'));
const data = fc.string({ unit: 'binary', maxLength: 100 });
const is = <T extends string | boolean>(value: T) => fc.constant(value);

const routedPayload: fc.Arbitrary<RoutedPayload> = fc.oneof(
  fc.record({ kind: is('lookup') }),
  fc.record({ kind: is('join'), joiner: handle, rows }),
  fc.record({ kind: is('locate'), block }),
  fc.record({ kind: is('signal'), data }),
);
const replyPayload: fc.Arbitrary<ReplyPayload> = fc.oneof(
  fc.record({ kind: is('found'), route }),
  fc.record({ kind: is('welcome'), rows, leafSet: lives, route }),
  fc.record({ kind: is('holders'), holders: route, route }),
  fc.record({ kind: is('signal'), data }),
);

const plainPastry: ByType<Exclude<PastryMessage, Relay>> = {
  routed: fc.record({ type: is('routed'), id: requestId, key: id, token: natural, route, payload: routedPayload }),
  reply: fc.record({ type: is('reply'), id: requestId, token: natural, back: route, payload: replyPayload }),
  ack: fc.record({ type: is('ack'), token: natural, coordinate }),
  ping: fc.record({ type: is('ping'), nonce: natural, self: handle }),
  pong: fc.record({ type: is('pong'), nonce: natural, self: handle }),
  'leaf-set': fc.record({
    type: is('leaf-set'),
    self: handle,
    members: lives,
    failed: fc.array(fc.record({ nodeId: id, epoch: natural }), { maxLength: 3 }),
    asks: fc.boolean(),
    nonce: natural,
  }),
  row: fc.record({
    type: is('row'),
    self: handle,
    row: fc.nat(DIGITS - 1),
    entries: hearsay,
    asks: fc.boolean(),
    nonce: natural,
  }),
  cells: fc.record({
    type: is('cells'),
    self: handle,
    cells: fc.array(fc.record({ row: fc.nat(DIGITS - 1), column: fc.nat(15) }), { maxLength: 8 }),
  }),
  entries: fc.record({ type: is('entries'), self: handle, entries: hearsay }),
  leave: fc.record({ type: is('leave'), members: lives }),
};

export const messageByType: ByType<Message> = {
  ...plainPastry,
  relay: fc.record({
    type: is('relay'),
    direction: fc.constantFrom('to', 'from'),
    peer: id,
    message: fc.oneof(...Object.values(plainPastry)),
  }),
  offer: fc.record({
    type: is('offer'),
    blocks: fc.array(block, { maxLength: 4 }),
    intent: fc.constantFrom('store', 'replicate'),
  }),
  holding: fc.record({ type: is('holding'), digests }),
  refuse: fc.record({
    type: is('refuse'),
    digest,
    reason: fc.constantFrom('full', 'not-mine', 'too-many', 'malformed'),
  }),
  copies: fc.record({ type: is('copies'), digest, holders: route, wanted: fc.nat(16) }),
  lost: fc.record({ type: is('lost'), digests }),
  'bad-copy': fc.record({ type: is('bad-copy'), digest }),
  'records?': fc.record({ type: is('records?'), key: id }),
  records: fc.record({ type: is('records'), key: id, blocks: fc.array(block, { maxLength: 4 }), members: route }),
};

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(messageByType));
