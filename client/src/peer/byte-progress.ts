// How many bytes of a file have been moved: whole segments, and of those under way what has travelled so far. A segment that is
// begun anew with another node does not take the count back.

import type { TransferOptions } from './api.ts';

/** While segments travel it is told after so much more: each time something is drawn, and each chunk of 64 KiB would be too often. */
const TOLD_SHARE = 0.01;
const MAX_UNTOLD_BYTES = 1024 * 1024;

export class ByteProgress {
  readonly #totalBytes: number;
  readonly #stepBytes: number;
  readonly #tell: TransferOptions['onProgress'];
  readonly #underWayByDigest = new Map<string, number>();
  /** What still travels of these is more copies of them. */
  readonly #whole = new Set<string>();
  #wholeBytes = 0;
  #toldBytes = -1;

  /** Tells at once that nothing has been moved. */
  constructor(totalBytes: number, tell: TransferOptions['onProgress']) {
    this.#totalBytes = totalBytes;
    this.#stepBytes = Math.min(MAX_UNTOLD_BYTES, totalBytes * TOLD_SHARE);
    this.#tell = tell;
    this.#report(0);
  }

  /** `bytes` of the segment of this digest have travelled, of `size`; it stands at `places` places of the file. */
  travelling(digest: string, bytes: number, size: number, places = 1): void {
    const moved = Math.min(bytes, size) * places;
    if (this.#whole.has(digest) || moved <= (this.#underWayByDigest.get(digest) ?? 0)) return;
    this.#underWayByDigest.set(digest, moved);
    this.#report(this.#stepBytes);
  }

  /** `bytes` of the file are where they should be, among them those of this digest. */
  whole(digest: string, bytes: number): void {
    this.#underWayByDigest.delete(digest);
    this.#whole.add(digest);
    this.#wholeBytes += bytes;
    this.#report(0);
  }

  /** Unless it is less than `step` more bytes than were told. */
  #report(step: number): void {
    let moved = this.#wholeBytes;
    for (const bytes of this.#underWayByDigest.values()) moved += bytes;
    const doneBytes = Math.min(moved, this.#totalBytes);
    if (doneBytes <= this.#toldBytes || doneBytes - this.#toldBytes < step) return;
    this.#toldBytes = doneBytes;
    this.#tell?.({ doneBytes, totalBytes: this.#totalBytes });
  }
}
