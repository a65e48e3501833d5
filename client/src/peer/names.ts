// Names of public files: storing a record of one, and finding the files of a name.

import type { FoundFiles, NamedFile } from './api.ts';
import { PeerError } from './errors.ts';
import { fileLink } from './file-link.ts';
import { RETRIEVE_PARALLEL } from './limits.ts';
import { nameKey, plainName } from './name-key.ts';
import { checkName, decodeRecord, encodeRecord, type NameRecord } from './name-record.ts';
import { forEachParallel, withAbort } from './parallel.ts';
import type { Stored } from './requests.ts';
import type { FileParts } from './store-file.ts';

export class Names {
  readonly #parts: FileParts;
  readonly #origin: string;
  readonly #calendar: () => number;

  /** `origin`: start of links; `calendar`: milliseconds since 1970. */
  constructor(parts: FileParts, origin: string, calendar: () => number) {
    this.#parts = parts;
    this.#origin = origin;
    this.#calendar = calendar;
  }

  /**
   * Stores a record; resolves at its quorum, and calls `copied` with its digest for every report of copies. Rejects with a
   * PeerError: bad-name, full, timed-out, left, aborted; its message says that the file itself is stored.
   */
  async publish(
    record: NameRecord,
    signal: AbortSignal | undefined,
    copied: (digest: string, copies: number) => void,
  ): Promise<Stored> {
    const { requests, sha256, params } = this.#parts;
    const { block, bytes } = await encodeRecord(record, params.digits, sha256);
    try {
      return await withAbort(signal, (ended) =>
        requests.store(
          block,
          async () => bytes,
          ended,
          (copies) => copied(block.digest, copies),
        ),
      );
    } catch (error) {
      if (!(error instanceof PeerError) || error.code === 'aborted') throw error;
      throw new PeerError(
        error.code,
        `the file is stored as ${record.fileId}, but not by name: ${error.message}`,
        error,
      );
    }
  }

  /** The files of a name, newest first. Rejects with a PeerError: bad-name, timed-out, left, aborted. */
  async find(name: string, signal: AbortSignal | undefined): Promise<FoundFiles> {
    checkName(name);
    const { requests, sha256, params } = this.#parts;
    const plain = plainName(name);
    const key = await nameKey(plain, params.digits, sha256);
    const { root, route, blocks } = await withAbort(signal, () => requests.list(key));
    const records: NameRecord[] = [];
    await forEachParallel(blocks, RETRIEVE_PARALLEL, signal, async (block, ended) => {
      const bytes = await requests.fetch(block, ended).catch((error: unknown) => {
        // One record that is gone or damaged hides no other.
        if (error instanceof PeerError && (error.code === 'not-found' || error.code === 'corrupt')) return undefined;
        throw error;
      });
      const record = bytes === undefined ? undefined : await decodeRecord(key, bytes, sha256);
      // In a classroom ring many names have one key.
      if (record?.name === plain) records.push(record);
    });
    return { name: plain, key, root, route, files: this.#listed(records) };
  }

  /** Newest first; a file that was stored several times once. */
  #listed(records: readonly NameRecord[]): readonly NamedFile[] {
    const now = this.#calendar();
    const fileById = new Map<string, NamedFile>();
    for (const record of records) {
      // A date in the future would keep a file on top for ever.
      const storedAt = Math.min(record.storedAt, now);
      const known = fileById.get(record.fileId);
      if (known !== undefined && known.storedAt >= storedAt) continue;
      fileById.set(record.fileId, { ...record, storedAt, link: fileLink(this.#origin, record.fileId) });
    }
    return [...fileById.values()].sort((a, b) => b.storedAt - a.storedAt || (a.fileId < b.fileId ? -1 : 1));
  }
}
