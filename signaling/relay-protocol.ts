// What tabs and the Discovery node say to each other where it relays frames (--relay): beside protocol.ts, since most never need it.

import * as v from 'valibot';

/** Largest piece of what is carried between two tabs, bytes: small, so that those of many pairs take turns. */
export const MAX_RELAY_BYTES = 16_384;

/** What one tab may have on its way to one other, counted by relayCost. */
export const RELAY_WINDOW_BYTES = 65_536;

/** What a piece counts for: also an empty one takes its work. */
export function relayCost(bytes: number): number {
  return bytes + 1_024;
}

/** A piece for another tab, sealed for it (client/src/links/server-seal.ts). To those who relay it is bytes. */
export const FrameRequest = v.strictObject({
  to: v.pipe(v.string(), v.regex(/^[0-9a-f]{1,64}$/, 'not a hex id')),
  bytes: v.pipe(
    v.instance(Uint8Array),
    v.check(({ length }) => length > 0 && length <= MAX_RELAY_BYTES, 'not a piece'),
  ),
});
export type FrameRequest = v.InferOutput<typeof FrameRequest>;

export interface RelayedFrame {
  readonly from: string;
  readonly bytes: Uint8Array;
}
