// A carrier that puts another fingerprint into every description that goes through it, as one would who wants to sit between
// the two ends.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Signalling } from '../../src/links/signalling.ts';

export class SwappingSignalling implements Signalling {
  readonly #inner: Signalling;
  /** Until then it carries everything as it is. */
  isSwapping = false;

  constructor(inner: Signalling) {
    this.#inner = inner;
  }

  send(to: NodeId, signal: string): Promise<void> {
    return this.#inner.send(to, this.isSwapping ? withOtherFingerprint(signal) : signal);
  }

  listen(handler: (from: NodeId, signal: string) => void): void {
    this.#inner.listen(handler);
  }
}

export function withOtherFingerprint(signal: string): string {
  return signal.replaceAll(/(a=fingerprint:sha-256 )[0-9A-F:]+/gi, `$1${Array<string>(32).fill('AB').join(':')}`);
}
