// One frame is one send on a link: a version byte, a kind byte, then the body.
//   message   UTF-8 JSON of a core message (schema.ts)
//   control   UTF-8 JSON of a transfer control (below)
//   chunk     u32 transfer, u32 offset (big-endian), then the block's bytes from that offset on
// Bytes of files never pass through JSON. Decoding never throws: it returns the frame or the reason for refusing it.

import type { Message } from '../core/messages.ts';
import type { ReplyPayload } from '../core/pastry/messages.ts';
import { type Codec, type Decoded, integer, type Json, Malformed, oneOf, tagged } from './json-codec.ts';
import { CHUNK_BYTES, MAX_CONTROL_BYTES, MAX_MESSAGE_BYTES, PROTOCOL_VERSION } from './limits.ts';
import { digest, idSchema, messageSchema, replyPayloadSchema, type WireParams } from './schema.ts';

const MESSAGE = 1;
const CONTROL = 2;
const CHUNK = 3;

const HEADER_BYTES = 2;
/** Bytes in front of a chunk's payload. */
const CHUNK_HEADER_BYTES = HEADER_BYTES + 8;
/** The longest frame that a correct peer sends. */
export const MAX_FRAME_BYTES = HEADER_BYTES + MAX_MESSAGE_BYTES;
const MAX_U32 = 0xffffffff;

const transfer = integer('a transfer id', MAX_U32);

function controlSchema(params: WireParams) {
  return tagged('type', {
    /** Send me this block. `transfer` is the asker's own name for it, until the block or a stop has been sent. */
    pull: { transfer, digest },
    /** The same, of a block that you may not have: pull it from `source`, to which I get no link. */
    bring: { transfer, digest, source: idSchema(params) },
    /** The block has `size` bytes; its chunks follow in order. */
    sending: { transfer, size: integer('a size', MAX_U32) },
    /** not-held: I do not have it, or no longer; busy: ask another or later. */
    'pull-refused': { transfer, reason: oneOf('not-held', 'busy') },
    /** Send no more chunks. */
    'pull-stop': { transfer },
  });
}

/** How two nodes agree on moving a block's bytes; the receiver asks, so that its own pace bounds its memory. */
export type TransferControl = Decoded<ReturnType<typeof controlSchema>>;

export type Frame =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'control'; readonly control: TransferControl }
  | { readonly kind: 'chunk'; readonly transfer: number; readonly offset: number; readonly payload: Uint8Array }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Frames of one ring. Without state: one serves all links. */
export interface FrameCodec {
  /** May be longer than MAX_FRAME_BYTES, if the message breaks its bounds; the receiver would refuse it. */
  encodeMessage(message: Message): Uint8Array;
  encodeControl(control: TransferControl): Uint8Array;
  /** An answer as text, always the same: what its author signs. */
  answerText(payload: ReplyPayload): string;
  encodeChunk(transfer: number, offset: number, payload: Uint8Array): Uint8Array;
  /** A chunk's payload is a view of `bytes`. */
  decode(bytes: Uint8Array): Frame;
}

export function createFrameCodec(params: WireParams): FrameCodec {
  const message = messageSchema(params);
  const control = controlSchema(params);
  const answer = replyPayloadSchema(params);
  return {
    encodeMessage: (value) => textFrame(MESSAGE, message.encode(value)),
    encodeControl: (value) => textFrame(CONTROL, control.encode(value)),
    encodeChunk: chunkFrame,
    answerText: (payload) => JSON.stringify(answer.encode(payload)),
    decode(bytes) {
      if (bytes.length < HEADER_BYTES) return malformed('shorter than its header');
      if (bytes[0] !== PROTOCOL_VERSION) return malformed('another protocol version');
      try {
        if (bytes[1] === MESSAGE) return { kind: 'message', message: decodeText(bytes, MAX_MESSAGE_BYTES, message) };
        if (bytes[1] === CONTROL) return { kind: 'control', control: decodeText(bytes, MAX_CONTROL_BYTES, control) };
      } catch (error) {
        if (error instanceof Malformed) return malformed(error.message);
        throw error;
      }
      return bytes[1] === CHUNK ? decodeChunk(bytes) : malformed('an unknown kind of frame');
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textFrame(kind: number, json: Json): Uint8Array {
  // Two place holders for the header are cheaper than a copy of the text.
  const bytes = encoder.encode(`..${JSON.stringify(json)}`);
  bytes[0] = PROTOCOL_VERSION;
  bytes[1] = kind;
  return bytes;
}

function chunkFrame(transfer: number, offset: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + payload.length);
  bytes[0] = PROTOCOL_VERSION;
  bytes[1] = CHUNK;
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER_BYTES, transfer);
  view.setUint32(HEADER_BYTES + 4, offset);
  bytes.set(payload, CHUNK_HEADER_BYTES);
  return bytes;
}

function decodeText<T>(bytes: Uint8Array, maxBytes: number, codec: Codec<T>): T {
  if (bytes.length > HEADER_BYTES + maxBytes) throw new Malformed(`longer than ${maxBytes} bytes`);
  return codec.decode(parse(bytes.subarray(HEADER_BYTES)));
}

/** TextDecoder and JSON.parse throw TypeError, SyntaxError or, nested too deep, RangeError: all the sender's fault. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new Malformed(`no JSON: ${error instanceof Error ? error.name : 'unknown'}`);
  }
}

function decodeChunk(bytes: Uint8Array): Frame {
  if (bytes.length <= CHUNK_HEADER_BYTES) return malformed('an empty chunk');
  if (bytes.length > CHUNK_HEADER_BYTES + CHUNK_BYTES) return malformed(`a chunk of more than ${CHUNK_BYTES} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    kind: 'chunk',
    transfer: view.getUint32(HEADER_BYTES),
    offset: view.getUint32(HEADER_BYTES + 4),
    payload: bytes.subarray(CHUNK_HEADER_BYTES),
  };
}

function malformed(reason: string): Frame {
  return { kind: 'malformed', reason };
}
