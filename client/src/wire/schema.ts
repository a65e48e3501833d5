// What every message of core/messages.ts looks like on the wire, and its bounds. messageSchema makes the compiler prove
// that this describes exactly the core's union: a message without a schema does not compile, nor the reverse.

import type { Message } from '../core/messages.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { Lease } from '../core/past/lease.ts';
import type { Id } from '../core/pastry/id.ts';
import type { ReplyPayload } from '../core/pastry/messages.ts';
import type { Coordinate, Hearsay, Incarnation, NodeHandle } from '../core/pastry/node-handle.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Sealed } from '../core/sealed.ts';
import { type Codec, flag, integer, list, Malformed, oneOf, optional, record, tagged, text } from './json-codec.ts';
import * as limits from './limits.ts';
import { certificate, proofSchema } from './proof-codec.ts';

/** What the boundary must know of the ring. */
export type WireParams = Pick<RingParams, 'digits' | 'segmentBytes'>;

export const digest = text('a digest', 64, /^[0-9a-f]{64}$/);

const device = text('a device', limits.MAX_DEVICE_CHARACTERS, /^[0-9A-Za-z_-]+$/);

export function idSchema({ digits }: WireParams): Codec<Id> {
  return text<Id>('an id of this ring', digits, new RegExp(`^[0-9a-f]{${digits}}$`));
}

export function messageSchema(params: WireParams): Codec<Message> {
  const schema = schemaOf(params);
  return {
    // Compiles only if every message of the core has a schema with at most its fields,
    encode: (message) => schema.encode(message),
    // and this only if every schema makes a message of the core.
    decode: (json) => schema.decode(json),
  };
}

/** What answers a routed message. */
export function replyPayloadSchema(params: WireParams): Codec<ReplyPayload> {
  const id = idSchema(params);
  const number = integer('a natural number', Number.MAX_SAFE_INTEGER);
  const route = list(id, limits.MAX_ROUTE_NODES);
  const rows = list(list(hearsaySchema(id, number), limits.MAX_ROW_ENTRIES), params.digits);
  return tagged('kind', {
    found: { route },
    welcome: { rows, leafSet: list(incarnationSchema(id, number), limits.MAX_HANDLES), route },
    holders: { holders: list(id, limits.MAX_HOLDERS), route },
    closest: { nodes: list(id, limits.MAX_CLOSEST), route },
    signal: { data: text('a signal', limits.MAX_SIGNAL_CHARACTERS) },
  });
}

function schemaOf(params: WireParams) {
  const id = idSchema(params);
  const number = integer('a natural number', Number.MAX_SAFE_INTEGER);
  const requestId = text('a request id', limits.REQUEST_ID_CHARACTERS, /^[0-9a-f]{32}$/);
  const signal = text('a signal', limits.MAX_SIGNAL_CHARACTERS);
  const handle = handleSchema(id, number);
  const hearsay = hearsaySchema(id, number);
  const incarnations = list(incarnationSchema(id, number), limits.MAX_HANDLES);
  const row = list(hearsay, limits.MAX_ROW_ENTRIES);
  const rows = list(row, params.digits);
  const rowIndex = integer('a row', params.digits - 1);
  const route = list(id, limits.MAX_ROUTE_NODES);
  const size = integer('a size', limits.maxBlockBytes(params));
  const block: Codec<BlockRef> = record({ key: id, digest, size });
  const blocks = list(block, limits.MAX_BLOCKS);
  const digests = list(digest, limits.MAX_BLOCKS);
  const holders = list(id, limits.MAX_HOLDERS);
  const proof = optional(proofSchema());
  const nonce = text('a nonce', limits.NONCE_CHARACTERS, /^[0-9a-f]{32}$/);
  const slip = record({ digest, size, receiptFor: nonce, proof });
  const receipts = list(slip, limits.MAX_RECEIPTS);
  const owner = text('an owner', limits.OWNER_CHARACTERS, /^([\w-]{43})?$/);
  const signature = text('a signature', limits.SIGNATURE_CHARACTERS, /^([\w-]{86})?$/);
  const lease: Codec<Lease> = record({ digest, owner, expires: number, serial: number, ends: flag, signature });
  const leases = list(lease, limits.MAX_LEASES);
  const side = oneOf('clockwise', 'counterclockwise');
  const sum = text('a sum', limits.SUM_CHARACTERS, /^[0-9a-f]{16}$/);
  const taken = record({ digest, owner, serial: number, held: flag });

  const routedPayload = tagged('kind', {
    lookup: {},
    join: { joiner: handle, rows },
    locate: { block },
    signal: { data: signal },
    closest: { via: list(id, limits.MAX_VIA) },
  });
  const sealed: Codec<Sealed> = record({
    certificate,
    number,
    text: text('a sealed message', limits.MAX_SEALED_CHARACTERS, /^[\w-]*$/),
  });
  return tagged('type', {
    routed: { id: requestId, key: id, token: number, route, payload: routedPayload },
    reply: {
      id: requestId,
      token: number,
      back: route,
      payload: replyPayloadSchema(params),
      proof,
    },
    ack: { token: number, coordinate },
    ping: { nonce: number, self: handle },
    pong: { nonce: number, self: handle },
    'leaf-set': {
      self: handle,
      members: incarnations,
      failed: incarnations,
      asks: flag,
      nonce: number,
    },
    row: {
      self: handle,
      row: rowIndex,
      entries: list(hearsay, limits.MAX_ROW_MESSAGE_ENTRIES),
      asks: flag,
      nonce: number,
    },
    cells: {
      self: handle,
      cells: list(record({ row: rowIndex, column: integer('a column', 15) }), limits.MAX_CELLS_ASKED),
    },
    entries: { self: handle, entries: list(hearsay, limits.MAX_HANDLES) },
    leave: { members: incarnations },
    relay: { direction: oneOf('to', 'from'), peer: id, sealed },
    offer: { blocks, intent: oneOf('store', 'replicate'), orders: list(slip, limits.MAX_ORDERS), leases },
    holding: { digests, receipts },
    refuse: { digest, reason: oneOf('full', 'not-mine', 'too-many', 'malformed', 'unleased') },
    copies: { digest, holders, receipts, wanted: integer('a number of copies', limits.MAX_HOLDERS) },
    prove: { digest, nonce },
    proof: { digest, nonce, hash: optional(digest) },
    lost: { digests },
    'bad-copy': { digest },
    'holds?': { key: id, digests, orders: list(slip, limits.MAX_ORDERS) },
    holds: {
      ...{ digests, missing: digests, receipts, members: holders },
      pointers: list(record({ digest, target: id }), limits.MAX_BLOCKS),
    },
    'records?': { key: id },
    records: { key: id, blocks, members: holders },
    leases: { blocks, leases },
    leased: { leased: list(taken, limits.MAX_LEASES), members: holders },
    'clock?': { nonce },
    clock: { nonce, time: number },
    'room?': {},
    room: { freeBytes: number },
    divert: { blocks, source: optional(id), orders: list(slip, limits.MAX_ORDERS), leases },
    diverted: { digest, target: id, receipts },
    ranges: { nonce, end: id, ranges: list(record({ from: id, count: number, sum }), limits.MAX_RANGES) },
    'ranges-differ': { nonce, ranges: list(integer('a range', limits.MAX_RANGES - 1), limits.MAX_RANGES) },
    'beyond?': { side },
    beyond: { side, nodes: list(record({ nodeId: id, device }), limits.MAX_HOLDERS) },
  });
}

const coordinate: Codec<Coordinate> = {
  encode: ({ x, y, height, error }) => [plane(x), plane(y), bounded(height, MAX_MS), bounded(error, 1)],
  decode(json) {
    if (!Array.isArray(json) || json.length !== 4) throw new Malformed('not a coordinate');
    return coordinateOf(json[0], json[1], json[2], json[3]);
  },
};

/** [id, epoch]: the hot spot of decoding, so flat and by hand, like the two below. */
function incarnationSchema(id: Codec<Id>, number: Codec<number>): Codec<Incarnation> {
  return {
    encode: ({ nodeId, epoch }) => [nodeId, epoch],
    decode(json) {
      if (!Array.isArray(json) || json.length !== 2) throw new Malformed('not an incarnation of a node');
      return { nodeId: id.decode(json[0]), epoch: number.decode(json[1]) };
    },
  };
}

/** [id, epoch, x, y, height, error]. */
function hearsaySchema(id: Codec<Id>, number: Codec<number>): Codec<Hearsay> {
  return {
    encode({ nodeId, epoch, coordinate: { x, y, height, error } }) {
      return [nodeId, epoch, plane(x), plane(y), bounded(height, MAX_MS), bounded(error, 1)];
    },
    decode(json) {
      if (!Array.isArray(json) || json.length !== 6) throw new Malformed('not hearsay of a node');
      return {
        nodeId: id.decode(json[0]),
        epoch: number.decode(json[1]),
        coordinate: coordinateOf(json[2], json[3], json[4], json[5]),
      };
    },
  };
}

/** [id, epoch, device, x, y, height, error]. */
function handleSchema(id: Codec<Id>, number: Codec<number>): Codec<NodeHandle> {
  return {
    encode({ nodeId, epoch, device, coordinate: { x, y, height, error } }) {
      return [nodeId, epoch, device, plane(x), plane(y), bounded(height, MAX_MS), bounded(error, 1)];
    },
    decode(json) {
      if (!Array.isArray(json) || json.length !== 7) throw new Malformed('not a node handle');
      return {
        nodeId: id.decode(json[0]),
        epoch: number.decode(json[1]),
        device: device.decode(json[2]),
        coordinate: coordinateOf(json[3], json[4], json[5], json[6]),
      };
    },
  };
}

const MAX_MS = limits.MAX_COORDINATE_MS;

function coordinateOf(x: unknown, y: unknown, height: unknown, error: unknown): Coordinate {
  if (!isWithin(x, -MAX_MS, MAX_MS) || !isWithin(y, -MAX_MS, MAX_MS)) throw new Malformed('not a coordinate');
  if (!isWithin(height, 0, MAX_MS) || !isWithin(error, 0, 1)) throw new Malformed('not a coordinate');
  return { x, y, height, error };
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Hundredths of a millisecond are far below a coordinate's error; clamped, so that no own arithmetic is refused. */
function bounded(value: number, max: number, min = 0): number {
  return Math.round(Math.min(Math.max(value, min), max) * 100) / 100;
}

function plane(value: number): number {
  return bounded(value, MAX_MS, -MAX_MS);
}
