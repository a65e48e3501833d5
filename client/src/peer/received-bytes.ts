// The bytes of a block as they come, in order. Its sender states the size, and that is a claim: memory grows with what has
// really come, and never beyond the claim.

/** Allocated at first, bytes. Small blocks need no more. */
const FIRST_BYTES = 128 * 1024;
/** So many times larger whenever it is filled: new memory costs more than a copy, and doubled, a block of 4 MiB took 8 MB of it. */
const GROWTH = 8;

export class ReceivedBytes {
  readonly #size: number;
  #bytes = new Uint8Array();
  #received = 0;

  /** `size`: as its sender says. */
  constructor(size: number) {
    this.#size = size;
  }

  /** False, and nothing is taken, if these are not the next bytes, or more than were to come. */
  take(offset: number, payload: Uint8Array): boolean {
    const end = offset + payload.length;
    if (offset !== this.#received || end > this.#size) return false;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(payload, offset);
    this.#received = end;
    return true;
  }

  /** How many have come. */
  get received(): number {
    return this.#received;
  }

  get isWhole(): boolean {
    return this.#received === this.#size;
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** All of them, once it is whole. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  #grow(needed: number): void {
    const wanted = Math.max(needed, FIRST_BYTES, GROWTH * this.#bytes.length);
    const larger = new Uint8Array(Math.min(this.#size, wanted));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
