// The public face of a peer: what the page, the console (`window.tabring`) and programs may ask of it.

import type { TraceEvent } from '../core/io.ts';
import type { Id, NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { LinkFailure, LinkInfo } from './ports.ts';

export interface PeerApi {
  readonly nodeId: NodeId;
  readonly status: 'joining' | 'active' | 'left';
  /** A picture of this node as plain JSON. */
  inspect(): PeerInspection;
  /** Finds the root of `key` (hex, up to `digits` characters, padded with zeros). Rejects: bad-id, timed-out, left. */
  lookup(key: string): Promise<LookupResult>;
  /** Stores a file; resolves once a quorum holds every segment durably. Rejects: full, bad-name, timed-out, left, storage. */
  store(file: FileSource, options?: StoreOptions): Promise<StoredFile>;
  /** Fetches a file by its link or fileId; every segment is verified. Rejects: bad-link, not-found, corrupt, timed-out, left. */
  retrieve(linkOrId: string, options?: TransferOptions): Promise<RetrievedFile>;
  /** The public files of a name. Rejects: bad-name, timed-out, left. */
  find(name: string, options?: Pick<TransferOptions, 'signal'>): Promise<FoundFiles>;
  /** The key at which public files of this name are listed. */
  keyOfName(name: string): Promise<Id>;
  /** The files stored from this node and the blocks that it holds for others. */
  listFiles(): FileListing;
  /** Hands off, says goodbye and leaves the ring. */
  leave(): Promise<void>;
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
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface TransferOptions {
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
  readonly signal?: AbortSignal;
}

export interface StoreOptions extends TransferOptions {
  /** List the file under its name too, for everybody. Default: only in a classroom ring (ids of 4 digits). */
  readonly isPublic?: boolean | undefined;
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
  /** Milliseconds since 1970, by the clock of who stored it. */
  readonly storedAt: number;
}

export interface FoundFiles {
  readonly name: string;
  readonly key: Id;
  /** Root and route of the name's key. */
  readonly root: NodeId;
  readonly route: readonly NodeId[];
  /** Newest first. */
  readonly files: readonly NamedFile[];
}

export interface RetrievedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  blob(): Promise<Blob>;
}

export interface OwnFile {
  readonly fileId: string;
  readonly link: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  readonly copies: number;
  /** k: copies wanted. */
  readonly wanted: number;
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
  readonly files: readonly OwnFile[];
  readonly held: { readonly objects: number; readonly bytes: number };
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

export type PeerEvent =
  | { readonly type: 'status'; readonly status: 'joining' | 'active' | 'left' }
  | { readonly type: 'trace'; readonly event: TraceEvent }
  | {
      readonly type: 'link';
      readonly nodeId: NodeId;
      readonly state: 'up' | 'down' | 'failed';
      readonly message: string;
    }
  | { readonly type: 'files' }
  /** A block of this node's went to another node, all its bytes; that node has yet to check them. */
  | { readonly type: 'sent'; readonly nodeId: NodeId; readonly digest: string; readonly size: number }
  | { readonly type: 'discovery'; readonly state: 'registered' | 'away' | 'removed'; readonly message: string };
