// Names of public files: storing a record of one, and finding the files of a name.

import type { BlockRef } from '../core/past/block.ts';
import type { Lease } from '../core/past/lease.ts';
import type { FoundFiles, NamedFile } from './api.ts';
import { PeerError, type PeerErrorCode } from './errors.ts';
import { fileLink } from './file-link.ts';
import { FIND_PARALLEL, FIND_RECORD_MS, FIND_RECORDS_MS, MAX_CLOCK_AHEAD_MS } from './limits.ts';
import { nameKey, plainName } from './name-key.ts';
import { checkName, decodeRecord, encodeRecord, type NameRecord } from './name-record.ts';
import { forEachParallel, withAbort, within } from './parallel.ts';
import type { Stored } from './requests.ts';
import type { FileParts } from './store-file.ts';

/** What a fetch of one record may end with that says nothing about others. */
const LOST: ReadonlySet<PeerErrorCode> = new Set(['not-found', 'corrupt', 'timed-out']);

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
   * Stores a record with the lease that `lease` signs for it; resolves at its quorum, and calls `copied` with its digest for every report of copies. Rejects with a
   * PeerError: bad-name, full, timed-out, left, aborted; its message says that the file itself is stored.
   */
  async publish(
    record: NameRecord,
    signal: AbortSignal | undefined,
    lease: (digest: string) => Promise<Lease>,
    copied: (digest: string, copies: number) => void,
  ): Promise<{ readonly block: BlockRef; readonly stored: Stored }> {
    const { requests, sha256, params } = this.#parts;
    const { block, bytes } = await encodeRecord(record, params.digits, sha256);
    try {
      const leased = { block, lease: await lease(block.digest) };
      const stored = await withAbort(signal, (ended) =>
        requests.store(
          leased,
          async () => bytes,
          ended,
          (copies) => copied(block.digest, copies),
        ),
      );
      return { block, stored };
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
    const { requests, deadlines, sha256, params } = this.#parts;
    const plain = plainName(name);
    const key = await nameKey(plain, params.digits, sha256);
    const { root, route, blocks } = await withAbort(signal, () => requests.list(key));
    const records: NameRecord[] = [];
    let missing = blocks.length;
    // With what has come by then: one record that is gone, damaged or nowhere hides no other.
    await within(deadlines, FIND_RECORDS_MS, signal, (ended) =>
      forEachParallel(blocks, FIND_PARALLEL, ended, async (block, stopped) => {
        const bytes = await within(deadlines, FIND_RECORD_MS, stopped, (over) => this.#fetched(block, over));
        if (bytes === undefined || ended.aborted) return;
        const record = await decodeRecord(key, bytes, sha256);
        missing -= 1;
        // In a classroom ring many names have one key.
        if (record?.name === plain) records.push(record);
      }),
    );
    return { name: plain, key, root, route, files: this.#listed(records), missing };
  }

  /** Undefined if it cannot be had. */
  #fetched(block: BlockRef, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#parts.requests.fetch(block, signal).catch((error: unknown) => {
      if (error instanceof PeerError && LOST.has(error.code)) return undefined;
      throw error;
    });
  }

  /** Newest first, those of unknown time last; a file that was stored several times once. */
  #listed(records: readonly NameRecord[]): readonly NamedFile[] {
    const fileById = new Map<string, NamedFile>();
    for (const record of records) {
      const file = {
        ...record,
        storedAt: this.#timeOf(record),
        link: fileLink(this.#origin, { fileId: record.fileId }),
      };
      const known = fileById.get(record.fileId);
      if (known === undefined || compareByTime(file, known) < 0) fileById.set(record.fileId, file);
    }
    return [...fileById.values()].sort(compareByTime);
  }

  /** A time to come is no time: it would keep a file on top until it has come. */
  #timeOf({ storedAt }: NameRecord): number | undefined {
    const now = this.#calendar();
    return storedAt > now + MAX_CLOCK_AHEAD_MS ? undefined : Math.min(storedAt, now);
  }
}

/** Newest first; then those without a time; by id where nothing else tells them apart. */
function compareByTime(a: NamedFile, b: NamedFile): number {
  const [timeA, timeB] = [a.storedAt ?? Number.NEGATIVE_INFINITY, b.storedAt ?? Number.NEGATIVE_INFINITY];
  if (timeA !== timeB) return timeA > timeB ? -1 : 1;
  return a.fileId === b.fileId ? 0 : a.fileId < b.fileId ? -1 : 1;
}
