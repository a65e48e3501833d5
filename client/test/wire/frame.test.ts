// The trust boundary: everything a correct node sends comes back equal, and nothing else gets in or throws.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import { createFrameCodec, type Frame, MAX_FRAME_BYTES, type TransferControl } from '../../src/wire/frame.ts';
import { CHUNK_BYTES, MAX_MESSAGE_BYTES, MAX_ROUTE_NODES, PROTOCOL_VERSION } from '../../src/wire/limits.ts';
import { idOf } from '../peer/ids.ts';
import { anyMessage, DIGITS, messageByType } from './arbitraries.ts';

const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 4 * 1024 * 1024 });
const digest = 'ab'.repeat(32);
const handleId = idOf('00000001', DIGITS);
const handle = ['00000001', 1, 'device', 1.25, -2, 3, 0.5];

/** A frame of a text that no correct node sent. */
function forged(json: unknown, kind = 1): Uint8Array {
  return Uint8Array.of(PROTOCOL_VERSION, kind, ...new TextEncoder().encode(JSON.stringify(json)));
}

function reason(frame: Frame): string {
  return frame.kind === 'malformed' ? frame.reason : `accepted as ${frame.kind}`;
}

describe('messages', () => {
  const arbitraries: readonly (readonly [string, fc.Arbitrary<Message>])[] = Object.entries(messageByType);
  for (const [type, arbitrary] of arbitraries) {
    it(`${type} comes back equal`, () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          expect(codec.decode(codec.encodeMessage(message))).toEqual({ kind: 'message', message });
        }),
        { numRuns: 50 },
      );
    });
  }

  it('keeps a ping under 120 bytes, at 32 digits', () => {
    const wide = createFrameCodec({ digits: 32, segmentBytes: 1024 });
    const id = '0123456789abcdef0123456789abcdef';
    const decoded = wide.decode(
      forged(['ping', 123456, [id, 1_790_000_000_000, 'abcdefghijklmnopqrstuv', 12.34, -5, 1.2, 0.25]]),
    );
    expect(decoded.kind).toBe('message');
    if (decoded.kind === 'message') expect(wide.encodeMessage(decoded.message).length).toBeLessThan(120);
  });

  it('rounds and clamps coordinates instead of sending what would be refused', () => {
    const [self] = fc.sample(messageByType.ping, { numRuns: 1, seed: 1 });
    if (self === undefined) throw new Error('no sample');
    const coordinate = { x: 1.23456, y: -1e12, height: -0.5, error: 1.0000001 };
    const frame = codec.decode(codec.encodeMessage({ ...self, self: { ...self.self, coordinate } }));
    expect(frame).toMatchObject({ message: { self: { coordinate: { x: 1.23, y: -1e6, height: 0, error: 1 } } } });
  });
});

describe('refusals', () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['an unknown type', ['gossip', 1], 'unknown type'],
    ['a type that names an object property', ['constructor'], 'unknown type'],
    ['an object', { type: 'ping' }, 'no type'],
    ['a missing field', ['pong', 1], 'wrong number of fields'],
    ['a surplus field', ['pong', 1, handle, 2], 'wrong number of fields'],
    ['a nonce that is no integer', ['pong', 1.5, handle], 'not a natural number'],
    ['a negative nonce', ['pong', -1, handle], 'not a natural number'],
    ['an id of another length', ['pong', 1, ['0001', ...handle.slice(1)]], 'not an id of this ring'],
    ['an id in capitals', ['pong', 1, ['0000000A', ...handle.slice(1)]], 'not an id of this ring'],
    ['a coordinate out of range', ['pong', 1, [...handle.slice(0, 6), 1.5]], 'not a coordinate'],
    ['a coordinate that is no number', ['pong', 1, [...handle.slice(0, 6), null]], 'not a coordinate'],
    ['a device with a blank', ['pong', 1, ['00000001', 1, 'a b', 1, 1, 1, 1]], 'not a device'],
    ['a row beyond the ids', ['row', handle, DIGITS, [], 1, 1], 'not a row'],
    ['a flag of another type', ['row', handle, 0, [], true, 1], 'not a flag'],
    ['a relayed message that is not sealed', ['relay', 'to', '00000001', ['leave', []]], 'wrong number of fields'],
    ['a seal that is no base64url', ['relay', 'to', '00000001', ['certificate', 1, 'a+b']], 'not a sealed message'],
    ['a proof that is none', ['reply', 'ab'.repeat(16), 1, [], ['signal', ''], ['node.1', 'x']], 'not a certificate'],
    ['a block larger than any', ['offer', [['00000001', digest, 2 ** 40]], 'store', [], []], 'not a size'],
    ['a digest that is none', ['bad-copy', 'xyz'], 'not a digest'],
    ['too many copies of a string', ['lost', Array(513).fill(digest)], 'not a list of at most 512'],
    ['a long route', ['reply', '0'.repeat(32), 1, Array(MAX_ROUTE_NODES + 1).fill('00000001'), [], null], 'not a list'],
  ];
  for (const [what, json, expected] of refused) {
    it(`of ${what}`, () => expect(reason(codec.decode(forged(json)))).toContain(expected));
  }

  it('of an empty frame, another version, an unknown kind', () => {
    expect(reason(codec.decode(new Uint8Array()))).toContain('shorter');
    expect(reason(codec.decode(Uint8Array.of(PROTOCOL_VERSION + 1, 1, 34, 34)))).toContain('version');
    expect(reason(codec.decode(Uint8Array.of(PROTOCOL_VERSION, 9, 34, 34)))).toContain('unknown kind');
  });

  it('of bad UTF-8, bad JSON, JSON nested without end, and a text that is too long', () => {
    expect(reason(codec.decode(Uint8Array.of(PROTOCOL_VERSION, 1, 0xff)))).toContain('no JSON');
    expect(reason(codec.decode(Uint8Array.of(PROTOCOL_VERSION, 1, 91)))).toContain('no JSON');
    const nested = new Uint8Array(100_000).fill(91);
    nested.set([PROTOCOL_VERSION, 1]);
    expect(reason(codec.decode(nested))).toContain('no JSON');
    const long = new Uint8Array(MAX_FRAME_BYTES + 1).fill(32);
    long.set([PROTOCOL_VERSION, 1]);
    expect(reason(codec.decode(long))).toContain(`longer than ${MAX_MESSAGE_BYTES}`);
  });

  it('of an empty chunk and of one that is too large', () => {
    expect(reason(codec.decode(codec.encodeChunk(1, 0, new Uint8Array())))).toContain('empty chunk');
    expect(reason(codec.decode(codec.encodeChunk(1, 0, new Uint8Array(CHUNK_BYTES + 1))))).toContain('more than');
  });
});

describe('transfer controls and chunks', () => {
  const controls: readonly TransferControl[] = [
    { type: 'pull', transfer: 0xffffffff, digest },
    { type: 'bring', transfer: 4, digest, source: handleId },
    { type: 'sending', transfer: 1, size: 0 },
    { type: 'pull-refused', transfer: 2, reason: 'busy' },
    { type: 'pull-stop', transfer: 3 },
  ];
  for (const control of controls) {
    it(`${control.type} comes back equal`, () => {
      expect(codec.decode(codec.encodeControl(control))).toEqual({ kind: 'control', control });
    });
  }

  it('a chunk comes back equal, from within a larger buffer too', () => {
    const transfer = fc.nat(0xffffffff);
    fc.assert(
      fc.property(transfer, transfer, fc.uint8Array({ minLength: 1, maxLength: 300 }), (id, offset, payload) => {
        const frame = codec.encodeChunk(id, offset, payload);
        const padded = new Uint8Array(frame.length + 7);
        padded.set(frame, 7);
        expect(codec.decode(padded.subarray(7))).toEqual({ kind: 'chunk', transfer: id, offset, payload });
      }),
    );
  });
});

describe('hostile bytes', () => {
  it('never make decode throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(4), (bytes, kind) => {
        codec.decode(bytes);
        codec.decode(Uint8Array.of(PROTOCOL_VERSION, kind, ...bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('never make decode throw, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), fc.jsonValue(), (kind, json) => {
        codec.decode(forged(json, kind));
      }),
      { numRuns: 1000 },
    );
  });

  it('made from valid frames never make decode throw, and what is accepted can be sent on', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyMessage, edits, (message, changes) => {
        const bytes = codec.encodeMessage(message);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const frame = codec.decode(bytes);
        if (frame.kind !== 'message') return;
        expect(codec.decode(codec.encodeMessage(frame.message)).kind).toBe('message');
      }),
      { numRuns: 1000 },
    );
  });
});
