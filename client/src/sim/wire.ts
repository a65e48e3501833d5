// Passes messages through the wire codec, as between two processes: what arrives is a copy, and bytes are counted.

import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { FrameCodec } from '../wire/frame.ts';

/** Of a refused message. */
const SHOWN_CHARACTERS = 300;

export class Wire {
  /** Size of the frame that passed last. */
  lastBytes = 0;
  readonly #codec: FrameCodec;

  readonly #onRefused: (what: string) => void;

  /** `onRefused` is told of what the core made and the codec does not let pass: a fault of one of the two. */
  constructor(codec: FrameCodec, onRefused: (what: string) => void) {
    this.#codec = codec;
    this.#onRefused = onRefused;
  }

  /** What the receiver decodes; undefined if it refuses. */
  pass(from: NodeId, message: Message): Message | undefined {
    const bytes = this.#codec.encodeMessage(message);
    const frame = this.#codec.decode(bytes);
    this.lastBytes = bytes.length;
    if (frame.kind === 'message') return frame.message;
    const reason = frame.kind === 'malformed' ? frame.reason : frame.kind;
    this.#onRefused(`${reason}, from ${from}: ${JSON.stringify(message).slice(0, SHOWN_CHARACTERS)}`);
    return undefined;
  }
}
