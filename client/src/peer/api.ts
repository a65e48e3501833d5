// The public face of a peer: what the page, the console (`window.tabring`) and programs may ask of it.

import type { TraceEvent } from '../core/io.ts';
import type { Id, NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { ClosingReport, FileState, FileStatus, LeaveReport, RemovedFile } from './file-status.ts';
import type { FolderPlace } from './manifest.ts';
import type { LinkFailure, LinkInfo } from './ports.ts';
import type { FileHead, FileSink, RetrievedFile, RetrieveOptions } from './retrieved-file.ts';

export interface PeerApi {
  readonly nodeId: NodeId;
  readonly status: 'joining' | 'active' | 'left';
  /** A picture of this node as plain JSON. */
  inspect(): PeerInspection;
  /** Finds the root of `key` (hex, up to `digits` characters, padded with zeros). Rejects: bad-id, timed-out, left. */
  lookup(key: string): Promise<LookupResult>;
  /** Stores a file; resolves once a quorum holds every segment durably. Rejects: full, bad-name, timed-out, left, storage. */
  store(file: FileSource, options?: StoreOptions): Promise<StoredFile>;
  /**
   * Finds a file by its link, or a public one by its fileId, and resolves once it is known what it is. Its content is fetched
   * as it is read, and every segment verified. Rejects, as do reading and `blob()`: bad-link, wrong-key, not-found, corrupt,
   * timed-out, left, aborted.
   */
  retrieve(linkOrId: string, options?: RetrieveOptions): Promise<RetrievedFile>;
  /**
   * The same into a sink that takes segments as they come. `begin` is called once it is known what the file is, before its content is
   * fetched. Rejects as retrieve does, and with what `begin` or the sink rejects with.
   */
  retrieveInto(
    linkOrId: string,
    begin: (head: FileHead) => Promise<FileSink>,
    options?: TransferOptions,
  ): Promise<FileHead>;
  /** The public files of a name. Rejects: bad-name, timed-out, left. */
  find(name: string, options?: Pick<TransferOptions, 'signal'>): Promise<FoundFiles>;
  /** The key at which public files of this name are listed. */
  keyOfName(name: string): Promise<Id>;
  /** The files stored from this node and the blocks that it holds for others. */
  listFiles(): FileListing;
  /**
   * How many copies a file has now, and whether it is safe: of an own file at once, else it is asked for, 20 s at most.
   * Rejects: bad-link, not-found, corrupt, timed-out, left.
   */
  fileStatus(linkOrId: string, options?: Pick<TransferOptions, 'signal'>): Promise<FileStatus>;
  /**
   * Deletes a file that was stored from here: its holders are told, and it leaves the list of own files. Whoever has fetched it
   * keeps what he fetched. Rejects: bad-link, not-owner, timed-out, left.
   */
  remove(linkOrId: string): Promise<RemovedFile>;
  /**
   * Renews the time for which an own file is kept, now and from now on while this node is opened now and then, as is usual.
   * Rejects: bad-link, not-owner, timed-out, left.
   */
  pin(linkOrId: string): Promise<void>;
  /** Renews it no more. Rejects: bad-link, not-owner. */
  unpin(linkOrId: string): Promise<void>;
  /** What closing this node now would cost. */
  safeToClose(): ClosingReport;
  /** Hands off, says goodbye and leaves the ring. Resolves with what no other node is known to hold now. */
  leave(): Promise<LeaveReport>;
  /** Calls `listener` on every event until the returned function is called. */
  subscribe(listener: (event: PeerEvent) => void): () => void;
}

/** A File in the browser; in Node anything of this shape. */
export interface FileSource {
  readonly name: string;
  /** MIME type, may be empty. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, as of a File: a store that was broken off goes on when the same state of the file is given again. */
  readonly lastModified?: number | undefined;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  /** Of a folder (folder-source.ts), once all of it has been read: where its list stands. */
  readonly folder?: (() => FolderPlace) | undefined;
  /** Of a folder, once it is stored: what is not in it, and why, for people. */
  readonly leftOut?: readonly { readonly path: string; readonly why: string }[] | undefined;
}

export interface TransferOptions {
  /** Told of bytes as they travel. */
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
  /** Aborted: nothing of it stays, unless the reason is STOPPED (parallel.ts); then a later try goes on from it. */
  readonly signal?: AbortSignal;
}

export interface StoreOptions extends TransferOptions {
  /**
   * Leave the file readable for everybody, and list it under its name. If not, it is sealed, and whoever has its link reads it.
   * Default: only in a classroom ring (ids of 4 digits).
   */
  readonly isPublic?: boolean | undefined;
  /**
   * Until when the ring keeps the file, milliseconds since 1970: at least a minute, at most what the ring keeps anything for at a time (`leaseDays`). It is not renewed
   * then, unless it is pinned. Default: as long as this node renews it.
   */
  readonly expires?: number | undefined;
  /** Instead of `expires`: for how long from now, milliseconds, by the ring's clock and not by this device's. */
  readonly keptMs?: number | undefined;
}

export interface LookupResult {
  readonly key: Id;
  readonly root: NodeId;
  /** From this node to the root. */
  readonly route: readonly NodeId[];
  readonly hops: number;
}

export interface StoredFile {
  /** SHA-256 of the manifest, 64 hex characters: the id of the data. */
  readonly fileId: string;
  readonly link: string;
  readonly key: Id;
  /** Root and route of the manifest. */
  readonly root: NodeId;
  readonly route: readonly NodeId[];
  /** Durable copies of the least-copied block so far. */
  readonly copies: number;
  /** Why this node could not keep the owner's key, without which nobody can delete the file or keep it on. */
  readonly keyFailure?: Error;
  /** Of a public file: where its name is listed, and the route of the record. */
  readonly listedAt?: { readonly key: Id; readonly root: NodeId; readonly route: readonly NodeId[] };
}

/** A public file, as its name record says. */
export interface NamedFile {
  readonly fileId: string;
  readonly link: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Milliseconds since 1970, by the clock of who stored it; undefined if it says a time to come. */
  readonly storedAt: number | undefined;
}

export interface FoundFiles {
  readonly name: string;
  readonly key: Id;
  /** Root and route of the name's key. */
  readonly root: NodeId;
  readonly route: readonly NodeId[];
  /** Newest first, those of unknown time last. */
  readonly files: readonly NamedFile[];
  /** Entries of the name that could not be had in time: their holders do not answer, or there is nothing behind them. */
  readonly missing: number;
}

export interface OwnFile {
  readonly fileId: string;
  /** Of a private file with its key: whoever has it can read the file. */
  readonly link: string;
  readonly isPublic: boolean;
  readonly name: string;
  readonly type: string;
  /** Bytes; of a folder those of its files. Earlier versions counted its list too, and what pads it. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** As FileStatus tells; 0 while unknown. */
  readonly copies: number;
  readonly devices: number;
  /** k: copies wanted. */
  readonly wanted: number;
  readonly state: FileState;
  /** Its leases are renewed while this node is opened now and then. */
  readonly isPinned: boolean;
  /** As FileStatus tells. */
  readonly expires: number | undefined;
}

export interface FileListing {
  readonly own: readonly OwnFile[];
  readonly held: readonly { readonly key: Id; readonly digest: string; readonly size: number }[];
}

export interface PeerInspection {
  readonly nodeId: NodeId;
  readonly status: 'joining' | 'active' | 'left';
  readonly params: RingParams;
  /** Each half closest first. */
  readonly leafSet: { readonly cw: readonly NodeId[]; readonly ccw: readonly NodeId[] };
  /** column: one hex character. */
  readonly routingTable: readonly { readonly row: number; readonly column: string; readonly nodeId: NodeId }[];
  readonly neighborhoodSet: readonly NodeId[];
  /** The devices of this node and of those in its leaf set and routing table: the machines or browser profiles. */
  readonly devices: Readonly<Record<NodeId, string>>;
  readonly links: readonly LinkInfo[];
  /** Links that did not open, the latest first. */
  readonly linkFailures: readonly LinkFailureInfo[];
  /** Own ones, without their links, which may have keys in them. */
  readonly files: readonly Omit<OwnFile, 'link'>[];
  readonly held: { readonly objects: number; readonly bytes: number };
  /** What other nodes did that no correct node does, the latest first; of each node and kind how often. */
  readonly misdeeds: readonly Misdeed[];
  /** What was refused and dropped, by cause: malformed frames, replayed messages, failed links and so on. */
  readonly counters: Readonly<Record<string, number>>;
}

/** The latest failure to open a link to a node, until one opens. */
export interface LinkFailureInfo {
  readonly nodeId: NodeId;
  readonly stage: LinkFailure['stage'];
  /** For people: what happened and what to do. */
  readonly message: string;
  /** In a row. */
  readonly times: number;
}

/** Something that a correct node never does. */
export interface Misdeed {
  readonly nodeId: NodeId;
  /** For people. */
  readonly what: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

export type PeerEvent =
  | { readonly type: 'status'; readonly status: 'joining' | 'active' | 'left' }
  | { readonly type: 'trace'; readonly event: TraceEvent }
  | {
      readonly type: 'link';
      readonly nodeId: NodeId;
      readonly state: 'up' | 'down' | 'failed';
      readonly message: string;
    }
  /** Of each node and kind the first time, and then the tenth, the hundredth and so on. */
  | { readonly type: 'misdeed'; readonly nodeId: NodeId; readonly what: string; readonly count: number }
  | { readonly type: 'files' }
  /** The disk of this node: `blocks` were thought to be on it, and are not. */
  | { readonly type: 'disk'; readonly state: DiskState; readonly blocks: number }
  /** A block of this node's went to another node, all its bytes; that node has yet to check them. */
  | { readonly type: 'sent'; readonly nodeId: NodeId; readonly digest: string; readonly size: number }
  | {
      readonly type: 'discovery';
      readonly state: DiscoveryStanding;
      readonly message: string;
      /** Where a tab's is refused; `message` says it in words. */
      readonly reason?: RefusalReason;
    };

/**
 * cleared: what was on it is gone, and the others make it again. failing: it cannot be read, so nothing on it counts. ok: it can
 * be read again.
 */
export type DiskState = 'cleared' | 'failing' | 'ok';

/** Why the Discovery node does not register a node. */
export type RefusalReason = 'ring-key-changed' | 'ring-closed' | 'id-taken' | 'version' | 'other';

/**
 * How this node stands with the Discovery node. registered: it knows this node. away: it cannot be reached. refused: it can,
 * and does not register this node now. expired: meanwhile this node's certificate has run out, so that nodes which can reach the
 * Discovery node believe it no more; those that cannot either do. All three are tried again without end. removed: its operator has sent this
 * node away. displaced: this node's identity has been opened elsewhere, and this one has stopped.
 */
export type DiscoveryStanding = 'registered' | 'away' | 'refused' | 'expired' | 'removed' | 'displaced';
