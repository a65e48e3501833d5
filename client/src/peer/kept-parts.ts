// What a fetch that was broken off has left, so that the next one goes on from it.

/** Parts of a file that were fetched before. What is got from them is checked before it is believed. */
export interface KeptParts {
  /** A copy of the bytes at this place of the file, as many as `size`; undefined if they are not there. Never rejects. */
  get(position: number, size: number): Promise<Uint8Array | undefined>;
  /** Takes verified bytes for a later try, or does not. Never rejects. */
  put?(position: number, bytes: Uint8Array): Promise<void>;
}
