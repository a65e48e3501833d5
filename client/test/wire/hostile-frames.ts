// Frames that no correct node sends, from a seed: good ones with bytes or values changed, cut, joined and grown; JSON of
// any shape; random bytes; and good ones among them, as a hostile node mixes them.

import fc from 'fast-check';
import { Random } from '../../src/core/random.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';
import { CHUNK_BYTES, MAX_MESSAGE_BYTES, PROTOCOL_VERSION } from '../../src/wire/limits.ts';
import { anyMessage, DIGITS } from './arbitraries.ts';

/** Good frames to start from; more would only repeat their kinds. */
const POOL = 400;
/** One frame in so many is longer than any may be: they are slow to make. */
const OVERSIZE_EVERY = 500;
const HEADER_BYTES = 2;

export const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 4 * 1024 * 1024 });

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class HostileFrames {
  readonly #random: Random;
  readonly #good: readonly Uint8Array[];

  constructor(seed: number) {
    this.#random = new Random(seed);
    const messages = fc.sample(anyMessage, { seed, numRuns: POOL }).map((message) => codec.encodeMessage(message));
    const digest = 'ab'.repeat(32);
    this.#good = [
      ...messages,
      codec.encodeControl({ type: 'pull', transfer: 1, digest }),
      codec.encodeControl({ type: 'sending', transfer: 2, size: 77 }),
      codec.encodeControl({ type: 'pull-refused', transfer: 3, reason: 'busy' }),
      codec.encodeControl({ type: 'pull-stop', transfer: 4 }),
      codec.encodeChunk(5, 6, new Uint8Array(100)),
      codec.encodeChunk(7, 8, new Uint8Array(CHUNK_BYTES)),
    ];
  }

  next(): Uint8Array {
    const make = this.#pick([
      () => this.#pickGood(),
      () => this.#withBytesChanged(this.#pickGood()),
      () => this.#withBytesChanged(this.#pickGood()),
      () => this.#cut(this.#pickGood()),
      () => this.#joined(),
      () => this.#withValueChanged(),
      () => this.#withValueChanged(),
      () => this.#withValueChanged(),
      () => this.#text(this.#json(4)),
      () => this.#bytes(this.#below(200)),
      () => Uint8Array.of(PROTOCOL_VERSION, this.#below(5), ...this.#bytes(this.#below(60))),
      () => this.#withHeader(),
    ]);
    return this.#below(OVERSIZE_EVERY) === 0 ? this.#oversize() : make();
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** A copy, since it will be spoiled. */
  #pickGood(): Uint8Array {
    return this.#pick(this.#good).slice();
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#below(256));
  }

  #withBytesChanged(frame: Uint8Array): Uint8Array {
    for (let changes = 1 + this.#below(6); changes > 0; changes -= 1)
      frame[this.#below(frame.length)] = this.#below(256);
    return frame;
  }

  #cut(frame: Uint8Array): Uint8Array {
    const start = this.#below(4) === 0 ? this.#below(frame.length) : 0;
    return frame.slice(start, start + this.#below(frame.length));
  }

  /** The head of one frame, the tail of another. */
  #joined(): Uint8Array {
    const [head, tail] = [this.#cut(this.#pickGood()), this.#pickGood()];
    return concat(head, tail.subarray(this.#below(tail.length)));
  }

  #withHeader(): Uint8Array {
    const frame = this.#pickGood();
    frame[this.#below(HEADER_BYTES)] = this.#below(256);
    return frame;
  }

  #oversize(): Uint8Array {
    const frame = new Uint8Array(MAX_MESSAGE_BYTES + this.#below(MAX_MESSAGE_BYTES)).fill(
      this.#pick([0x20, 0x5b, 0x31, 0]),
    );
    frame.set([PROTOCOL_VERSION, 1 + this.#below(4)]);
    return frame;
  }

  /** A good text in which one value is another, gone, or there twice. */
  #withValueChanged(): Uint8Array {
    const frame = this.#pickGood();
    if (frame[1] === 3) return this.#withBytesChanged(frame);
    const json: unknown = JSON.parse(decoder.decode(frame.subarray(HEADER_BYTES)));
    this.#spoil(json);
    return this.#text(json, frame[1]);
  }

  #spoil(json: unknown): void {
    if (!Array.isArray(json) || json.length === 0) return;
    const at = this.#below(json.length);
    if (Array.isArray(json[at]) && this.#below(3) > 0) return this.#spoil(json[at]);
    const changes = [
      () => json.splice(at, 1),
      () => json.splice(at, 0, json[at]),
      () => json.splice(at, 1, this.#json(2)),
      () => json.splice(at, 1, Array(1 + this.#below(1_200)).fill(json[at])),
    ];
    this.#pick(changes)();
  }

  #text(json: unknown, kind = 1 + this.#below(2)): Uint8Array {
    return concat([PROTOCOL_VERSION, kind], encoder.encode(JSON.stringify(json)));
  }

  #json(depth: number): unknown {
    const leaves = [
      null,
      true,
      '',
      '00000001',
      'a'.repeat(300),
      '\u0000\ud800',
      -1,
      0.5,
      1e308,
      2 ** 53,
      -0,
      '__proto__',
    ];
    if (depth === 0 || this.#below(3) === 0) return this.#pick(leaves);
    const inner = Array.from({ length: this.#below(5) }, () => this.#json(depth - 1));
    return this.#below(3) === 0 ? { type: 'ping', __proto__: null, inner } : inner;
  }
}

function concat(head: ArrayLike<number>, tail: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
