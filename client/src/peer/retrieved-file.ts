// What is fetched: a file's head, its content, what is in a folder, and where the bytes go.

import type { TransferOptions } from './api.ts';
import type { KeptParts } from './kept-parts.ts';
import type { FolderPlace } from './manifest.ts';

export interface RetrieveOptions extends TransferOptions {
  /** Of an earlier try that was broken off; `stream()` goes on from them and adds to them. */
  readonly kept?: KeptParts | undefined;
  /** Awaited before each segment is asked for: as long as it does not resolve, the transfer rests. */
  readonly going?: (() => Promise<void>) | undefined;
}

/** Of which bytes of a file; the rest as it was retrieved with, unless given here. */
export interface StreamOptions extends RetrieveOptions {
  /** The first byte. Default: 0. */
  readonly from?: number;
  /** The byte after the last. Default: its size. */
  readonly to?: number;
}

/** What a file says of itself. Whoever stored it may be lying: `type` and `size` are claims. */
export interface FileHead {
  /** Made safe for display and disk (safe-file-name.ts). */
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Of a folder: folder-reader.ts opens it. */
  readonly folder?: FolderPlace | undefined;
}

/** Where the bytes of a file go. */
export interface FileSink {
  /** True if it takes them in their order only; then each call has one position, and a repeated segment may come anew. */
  readonly isSequential: boolean;
  /** Puts the same bytes at each of these positions in the file. Called again before it has resolved if not sequential, a few times at once. */
  write(bytes: Uint8Array, positions: readonly number[]): Promise<void>;
  /** Of a sink that is not sequential: what an earlier try has written to it, and need not be fetched again. */
  readonly kept?: KeptParts | undefined;
}

export interface RetrievedFile extends FileHead {
  /**
   * Its content in order, as fast as it is read: a few segments (4 MiB) wait at most, whatever the size. Fails before any wrong
   * byte. Each call fetches anew, of a part of it only the segments that this needs.
   */
  stream(part?: StreamOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Its content as the browser keeps it: small files in memory, large ones where it has room. */
  blob(): Promise<Blob>;
  /** Of a folder: what is in it, files in the order of their bytes, then empty folders. Rejects as reading does. */
  readonly entries?: (() => Promise<readonly FolderItem[]>) | undefined;
}

/** What is in a folder that was stored as one file: a file, which is read as if it had been stored alone, or an empty folder. */
export type FolderItem =
  | (RetrievedFile & { readonly kind: 'file'; readonly path: string })
  | { readonly kind: 'folder'; readonly path: string };
