// What a page without WebCrypto computes over many bytes, as messages: noble takes some 100 ms for a segment, in which the page
// would neither scroll nor draw, so a worker does it (noble-worker.ts, noble-thread.ts).

import { nobleSeal, nobleSha256 } from './noble-suite.ts';

export type NobleWork =
  | { readonly kind: 'sha256'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'seal' | 'unseal';
      readonly secret: Uint8Array;
      /** What the key is for, as `nobleSeal` takes it. */
      readonly about: string;
      readonly nonce: Uint8Array;
      readonly bytes: Uint8Array;
    };

/** As a worker gives it. */
export interface NobleAnswer {
  readonly result: Uint8Array | undefined;
}

/** The digest, the sealed bytes, or the bytes that were sealed: undefined if they were not. */
export async function nobleResult(work: NobleWork): Promise<Uint8Array | undefined> {
  if (work.kind === 'sha256') return nobleSha256(work.bytes);
  const key = nobleSeal(work.secret, work.about);
  return work.kind === 'seal' ? key.seal(work.nonce, work.bytes) : key.unseal(work.nonce, work.bytes);
}
