// Random messages of every kind, for fast-check. The compiler makes sure that no kind is missing.

import fc from 'fast-check';
import type { Message } from '../../src/core/messages.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import { type Id, isId } from '../../src/core/pastry/id.ts';
import type { PastryMessage, Relay, ReplyPayload, RoutedPayload } from '../../src/core/pastry/messages.ts';
import type { Coordinate, Hearsay, Incarnation, NodeHandle } from '../../src/core/pastry/node-handle.ts';
import type { Proof } from '../../src/core/proof.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';

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
const side = fc.constantFrom('clockwise' as const, 'counterclockwise' as const);
const device = fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/);
const handle: fc.Arbitrary<NodeHandle> = fc.record({ nodeId: id, epoch: natural, device, coordinate });
const incarnations: fc.Arbitrary<Incarnation[]> = fc.array(fc.record({ nodeId: id, epoch: natural }), { maxLength: 6 });
const hearsay: fc.Arbitrary<Hearsay[]> = fc.array(fc.record({ nodeId: id, epoch: natural, coordinate }), {
  maxLength: 6,
});
const rows = fc.array(hearsay, { maxLength: 3 });
const route = fc.array(id, { maxLength: 6 });
const block: fc.Arbitrary<BlockRef> = fc.record({ key: id, digest, size: fc.nat(4 * 1024 * 1024) });
const digests = fc.array(digest, { maxLength: 4 });
const requestId = hex(32);
const data = fc.string({ unit: 'binary', maxLength: 100 });
const is = <T extends string | boolean>(value: T) => fc.constant(value);

const routedPayload: fc.Arbitrary<RoutedPayload> = fc.oneof(
  fc.record({ kind: is('lookup') }),
  fc.record({ kind: is('join'), joiner: handle, rows }),
  fc.record({ kind: is('locate'), block }),
  fc.record({ kind: is('signal'), data }),
  fc.record({ kind: is('closest'), via: route }),
);
const replyPayload: fc.Arbitrary<ReplyPayload> = fc.oneof(
  fc.record({ kind: is('found'), route }),
  fc.record({ kind: is('welcome'), rows, leafSet: incarnations, route }),
  fc.record({ kind: is('holders'), holders: route, route }),
  fc.record({ kind: is('closest'), nodes: route, route }),
  fc.record({ kind: is('signal'), data }),
);

/** Proofs by anybody of this ring; on the wire nobody asks yet whether they are true. */
const proof: fc.Arbitrary<Proof> = fc
  .record({ by: id, device, signature: fc.stringMatching(/^[A-Za-z0-9_-]{86}$/) })
  .map(certified);
const maybeProof = fc.option(proof, { nil: undefined });

function certified({ by, device, signature }: Pick<Proof, 'by' | 'device' | 'signature'>): Proof {
  const [key, ringsSignature] = ['A'.repeat(43), 'A'.repeat(86)];
  const keys = { signKey: key, agreeKey: key, signature: ringsSignature };
  const certificate = encodeCertificate({ role: 'node', nodeId: by, epoch: 1, device, issued: 1, expires: 2, ...keys });
  return { by, device, certificate, signature };
}

const nonce = hex(32);
const slips = fc.array(fc.record({ digest, size: fc.nat(4 * 1024 * 1024), receiptFor: nonce, proof: maybeProof }), {
  maxLength: 4,
});

const plainPastry: ByType<Exclude<PastryMessage, Relay>> = {
  routed: fc.record({ type: is('routed'), id: requestId, key: id, token: natural, route, payload: routedPayload }),
  reply: fc.record({
    type: is('reply'),
    id: requestId,
    token: natural,
    back: route,
    payload: replyPayload,
    proof: maybeProof,
  }),
  ack: fc.record({ type: is('ack'), token: natural, coordinate }),
  ping: fc.record({ type: is('ping'), nonce: natural, self: handle }),
  pong: fc.record({ type: is('pong'), nonce: natural, self: handle }),
  'leaf-set': fc.record({
    type: is('leaf-set'),
    self: handle,
    members: incarnations,
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
  leave: fc.record({ type: is('leave'), members: incarnations }),
};

const owner = fc.stringMatching(/^([\w-]{43})?$/);
const signature = fc.stringMatching(/^([\w-]{86})?$/);
const leases = fc.array(
  fc.record({ digest, owner, expires: natural, serial: natural, ends: fc.boolean(), signature }),
  { maxLength: 4 },
);
const taken = fc.record({ digest, owner, serial: natural, held: fc.boolean() });

export const messageByType: ByType<Message> = {
  ...plainPastry,
  relay: fc.record({
    type: is('relay'),
    direction: fc.constantFrom('to', 'from'),
    peer: id,
    sealed: fc.record({
      certificate: fc.string({ maxLength: 100 }),
      number: natural,
      text: fc.stringMatching(/^[\w-]{0,80}$/),
    }),
  }),
  offer: fc.record({
    type: is('offer'),
    blocks: fc.array(block, { maxLength: 4 }),
    intent: fc.constantFrom('store', 'replicate'),
    orders: slips,
    leases,
  }),
  leases: fc.record({ type: is('leases'), blocks: fc.array(block, { maxLength: 4 }), leases }),
  leased: fc.record({ type: is('leased'), leased: fc.array(taken, { maxLength: 4 }), members: route }),
  'clock?': fc.record({ type: is('clock?'), nonce }),
  clock: fc.record({ type: is('clock'), nonce, time: natural }),
  holding: fc.record({ type: is('holding'), digests, receipts: slips }),
  refuse: fc.record({
    type: is('refuse'),
    digest,
    reason: fc.constantFrom('full', 'not-mine', 'too-many', 'malformed', 'unleased'),
  }),
  copies: fc.record({ type: is('copies'), digest, holders: route, receipts: slips, wanted: fc.nat(16) }),
  prove: fc.record({ type: is('prove'), digest, nonce }),
  proof: fc.record({ type: is('proof'), digest, nonce, hash: fc.option(digest, { nil: undefined }) }),
  lost: fc.record({ type: is('lost'), digests }),
  'bad-copy': fc.record({ type: is('bad-copy'), digest }),
  'holds?': fc.record({ type: is('holds?'), key: id, digests, orders: slips }),
  holds: fc.record({
    type: is('holds'),
    digests,
    missing: digests,
    pointers: fc.array(fc.record({ digest, target: id }), { maxLength: 4 }),
    receipts: slips,
    members: route,
  }),
  'room?': fc.record({ type: is('room?') }),
  room: fc.record({ type: is('room'), freeBytes: natural }),
  divert: fc.record({
    type: is('divert'),
    blocks: fc.array(block, { maxLength: 4 }),
    source: fc.option(id, { nil: undefined }),
    orders: slips,
    leases,
  }),
  diverted: fc.record({ type: is('diverted'), digest, target: id, receipts: slips }),
  ranges: fc.record({
    type: is('ranges'),
    nonce,
    end: id,
    ranges: fc.array(fc.record({ from: id, count: natural, sum: fc.stringMatching(/^[0-9a-f]{16}$/) }), {
      maxLength: 16,
    }),
  }),
  'beyond?': fc.record({ type: is('beyond?'), side }),
  beyond: fc.record({
    type: is('beyond'),
    side,
    nodes: fc.array(fc.record({ nodeId: id, device }), { maxLength: 4 }),
  }),
  'ranges-differ': fc.record({
    type: is('ranges-differ'),
    nonce,
    ranges: fc.array(fc.nat(15), { maxLength: 16 }),
  }),
  'records?': fc.record({ type: is('records?'), key: id }),
  records: fc.record({ type: is('records'), key: id, blocks: fc.array(block, { maxLength: 4 }), members: route }),
};

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(messageByType));
