// Gives the decoder hostile frames and checks what it must hold to: it never throws, and what it accepts can be sent on as it is.

import type { Frame } from '../../src/wire/frame.ts';
import { codec, HostileFrames } from './hostile-frames.ts';

export interface FuzzReport {
  readonly frames: number;
  /** By kind of frame; the refused ones by the reason's first words. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/** Throws with the frame's number at the first that breaks a promise; the same seed gives the same frames. */
export function fuzzDecoder(seed: number, frames: number): FuzzReport {
  const hostile = new HostileFrames(seed);
  const outcomes = new Map<string, number>();
  for (let number = 0; number < frames; number += 1) {
    const bytes = hostile.next();
    const outcome = decoded(bytes, `seed ${seed}, frame ${number}`);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return { frames, outcomes };
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    const frame = codec.decode(bytes);
    if (frame.kind === 'malformed') return frame.reason.split(' ').slice(0, 3).join(' ');
    if (frame.kind !== 'chunk') expectSendable(frame);
    return frame.kind;
  } catch (error) {
    throw new Error(`${name}: ${Buffer.from(bytes).toString('base64').slice(0, 2_000)}`, { cause: error });
  }
}

/** What is sent on arrives as it left; coordinates are rounded when they leave. */
function expectSendable(accepted: Frame): void {
  const sent = encoded(accepted);
  const again = encoded(codec.decode(sent));
  if (Buffer.compare(again, sent) !== 0)
    throw new Error(`sent on as ${Buffer.from(sent).toString()}, and then changed`);
}

function encoded(frame: Frame): Uint8Array {
  if (frame.kind === 'message') return codec.encodeMessage(frame.message);
  if (frame.kind === 'control') return codec.encodeControl(frame.control);
  throw new Error(`accepted, and when sent on ${frame.kind}`);
}
