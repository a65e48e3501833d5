// How many bytes of a file have been moved: whole segments, and of those under way what has travelled so far. A segment that is
// begun anew with another node does not take the count back.

import type { TransferOptions } from './api.ts';

export class ByteProgress {
  readonly #totalBytes: number;
  readonly #tell: TransferOptions['onProgress'];
  readonly #underWayByDigest = new Map<string, number>();
  /** What still travels of these is more copies of them. */
  readonly #whole = new Set<string>();
  #wholeBytes = 0;
  #toldBytes = -1;

  /** Tells at once that nothing has been moved. */
  constructor(totalBytes: number, tell: TransferOptions['onProgress']) {
    this.#totalBytes = totalBytes;
    this.#tell = tell;
    this.#report();
  }

  /** `bytes` of the segment of this digest have travelled, of `size`; it stands at `places` places of the file. */
  travelling(digest: string, bytes: number, size: number, places = 1): void {
    const moved = Math.min(bytes, size) * places;
    if (this.#whole.has(digest) || moved <= (this.#underWayByDigest.get(digest) ?? 0)) return;
    this.#underWayByDigest.set(digest, moved);
    this.#report();
  }

  /** `bytes` of the file are where they should be, among them those of this digest. */
  whole(digest: string, bytes: number): void {
    this.#underWayByDigest.delete(digest);
    this.#whole.add(digest);
    this.#wholeBytes += bytes;
    this.#report();
  }

  #report(): void {
    let moved = this.#wholeBytes;
    for (const bytes of this.#underWayByDigest.values()) moved += bytes;
    const doneBytes = Math.min(moved, this.#totalBytes);
    if (doneBytes <= this.#toldBytes) return;
    this.#toldBytes = doneBytes;
    this.#tell?.({ doneBytes, totalBytes: this.#totalBytes });
  }
}
