// Passes messages through the wire codec, as between two processes: what arrives is a copy, and bytes are counted.

import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { createFrameCodec, type FrameCodec } from '../wire/frame.ts';

export class Wire {
  /** Size of the frame that passed last. */
  lastBytes = 0;
  readonly #codec: FrameCodec;

  constructor(params: RingParams) {
    this.#codec = createFrameCodec(params);
  }

  /** What the receiver decodes. Throws if it refuses: a message that the core made must always pass. */
  pass(from: NodeId, message: Message): Message {
    const bytes = this.#codec.encodeMessage(message);
    const frame = this.#codec.decode(bytes);
    this.lastBytes = bytes.length;
    if (frame.kind === 'message') return frame.message;
    const reason = frame.kind === 'malformed' ? frame.reason : frame.kind;
    throw new Error(`the codec refuses what ${from} sends: ${reason}: ${JSON.stringify(message).slice(0, 400)}`);
  }
}
