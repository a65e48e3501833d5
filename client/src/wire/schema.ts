// What every message of core/messages.ts looks like on the wire, and its bounds. messageSchema makes the compiler prove
// that this describes exactly the core's union: a message without a schema does not compile, nor the reverse.

import type { Message } from '../core/messages.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { Id } from '../core/pastry/id.ts';
import type { Coordinate, Hearsay, NodeHandle, NodeLife } from '../core/pastry/node-handle.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { type Codec, flag, integer, list, Malformed, oneOf, record, tagged, text } from './json-codec.ts';
import * as limits from './limits.ts';

/** What the boundary must know of the ring. */
export type WireParams = Pick<RingParams, 'digits' | 'segmentBytes'>;

export const digest = text('a digest', 64, /^[0-9a-f]{64}$/);

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

function schemaOf(params: WireParams) {
  const id = idSchema(params);
  const number = integer('a natural number', Number.MAX_SAFE_INTEGER);
  const requestId = text('a request id', limits.MAX_REQUEST_ID_CHARACTERS, /^[0-9a-f]+(\.[0-9]+){1,3}$/);
  const signal = text('a signal', limits.MAX_SIGNAL_CHARACTERS);
  const handle = handleSchema(id, number);
  const hearsay = hearsaySchema(id, number);
  const lives = list(lifeSchema(id, number), limits.MAX_HANDLES);
  const row = list(hearsay, limits.MAX_ROW_ENTRIES);
  const rows = list(row, params.digits);
  const rowIndex = integer('a row', params.digits - 1);
  const route = list(id, limits.MAX_ROUTE_NODES);
  const block: Codec<BlockRef> = record({ key: id, digest, size: integer('a size', limits.maxBlockBytes(params)) });
  const blocks = list(block, limits.MAX_BLOCKS);
  const digests = list(digest, limits.MAX_BLOCKS);
  const holders = list(id, limits.MAX_HOLDERS);

  const routedPayload = tagged('kind', {
    lookup: {},
    join: { joiner: handle, rows },
    locate: { block },
    signal: { data: signal },
  });
  const replyPayload = tagged('kind', {
    found: { route },
    welcome: { rows, leafSet: lives, route },
    holders: { holders, route },
    signal: { data: signal },
  });
  const pastry = {
    routed: { id: requestId, key: id, token: number, route, payload: routedPayload },
    reply: { id: requestId, token: number, back: route, payload: replyPayload },
    ack: { token: number, coordinate },
    ping: { nonce: number, self: handle },
    pong: { nonce: number, self: handle },
    'leaf-set': {
      self: handle,
      members: lives,
      failed: lives,
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
      cells: list(record({ row: rowIndex, column: integer('a column', 15) }), limits.MAX_CELLS),
    },
    entries: { self: handle, entries: list(hearsay, limits.MAX_HANDLES) },
    leave: { members: lives },
  };
  const direct = {
    ...pastry,
    offer: { blocks, intent: oneOf('store', 'replicate') },
    holding: { digests },
    refuse: { digest, reason: oneOf('full', 'not-mine', 'too-many', 'malformed') },
    copies: { digest, holders, wanted: integer('a number of copies', limits.MAX_HOLDERS) },
    lost: { digests },
    'bad-copy': { digest },
    'records?': { key: id },
    records: { key: id, blocks, members: holders },
  };
  return tagged('type', {
    ...direct,
    relay: { direction: oneOf('to', 'from'), peer: id, message: tagged('type', direct) },
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
function lifeSchema(id: Codec<Id>, number: Codec<number>): Codec<NodeLife> {
  return {
    encode: ({ nodeId, epoch }) => [nodeId, epoch],
    decode(json) {
      if (!Array.isArray(json) || json.length !== 2) throw new Malformed('not a life of a node');
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
  const device = text('a device', limits.MAX_DEVICE_CHARACTERS, /^[0-9A-Za-z_-]+$/);
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
