// A peer that stands still, for tests of the prompt: its tables are made from the ids of a ring, its answers are given, and
// events come when the test says so.

import type { TraceEvent } from '../../src/core/io.ts';
import { closestId, idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import type {
  FileListing,
  FoundFiles,
  LookupResult,
  OwnFile,
  PeerApi,
  PeerEvent,
  PeerInspection,
  StoredFile,
} from '../../src/peer/api.ts';
import { PeerError } from '../../src/peer/errors.ts';
import type { ClosingReport, Endangered, FileStatus, LeaveReport, RemovedFile } from '../../src/peer/file-status.ts';
import { nameKey } from '../../src/peer/name-key.ts';
import { parseFileLink } from '../../src/peer/parse-file-link.ts';
import type { FileHead, FileSink, RetrievedFile } from '../../src/peer/retrieved-file.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { candidates, leavesOf } from './oracle.ts';

/** 2027-01-15T08:00:00Z */
const EXPIRES = 1_800_000_000_000;
const COLUMNS = [...'0123456789abcdef'];

export class StillPeer implements PeerApi {
  readonly nodeId: NodeId;
  status: 'joining' | 'active' | 'left' = 'active';
  own: OwnFile[] = [];
  held: FileListing['held'] = [];
  /** What nobody else holds. */
  lost: Endangered = { files: [], blocks: 0 };
  /** Answers of `find`. */
  named: FoundFiles['files'] = [];
  ids: readonly NodeId[];
  readonly #leafSetSize: number;
  readonly #listeners = new Set<(event: PeerEvent) => void>();

  /** The first of `ids` is its own. */
  constructor(ids: readonly string[], leafSetSize = 2) {
    this.ids = ids.map((id) => toId(id, ids));
    this.nodeId = this.ids[0] ?? toId('', ids);
    this.#leafSetSize = leafSetSize;
  }

  emit(event: PeerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  trace(event: TraceEvent): void {
    this.emit({ type: 'trace', event });
  }

  inspect(): PeerInspection {
    const { nodeId, ids } = this;
    const leaves = leavesOf(nodeId, ids, this.#leafSetSize / 2).map((id) => toId(id, ids));
    const clockwise = leaves.filter((id) => id > nodeId);
    const routingTable = [...nodeId].flatMap((_, row) =>
      COLUMNS.flatMap((column) => {
        const entry = candidates(nodeId, ids, row, column)[0];
        return entry === undefined ? [] : [{ row, column, nodeId: toId(entry, ids) }];
      }),
    );
    return {
      nodeId,
      status: this.status,
      params: { ...DEFAULT_RING_PARAMS, digits: nodeId.length, leafSetSize: this.#leafSetSize },
      leafSet: { cw: clockwise, ccw: leaves.filter((id) => !clockwise.includes(id)) },
      routingTable,
      neighborhoodSet: [],
      devices: Object.fromEntries(ids.map((id) => [id, `${id}0123456789abcdef`])),
      links: [],
      linkFailures: [],
      files: this.own,
      held: { objects: this.held.length, bytes: 0 },
      misdeeds: [],
      counters: {},
    };
  }

  async lookup(key: string): Promise<LookupResult> {
    const id = idFromPrefix(key, this.nodeId.length);
    if (id === undefined) throw new PeerError('bad-id', `"${key}" is no key of this ring`);
    const root = closestId(id, this.ids) ?? this.nodeId;
    return { key: id, root, route: [this.nodeId, root], hops: 1 };
  }

  keyOfName(name: string): Promise<NodeId> {
    return nameKey(name, this.nodeId.length, sha256);
  }

  async find(name: string): Promise<FoundFiles> {
    const key = await this.keyOfName(name);
    return { name, key, root: this.nodeId, route: [this.nodeId], files: this.named, missing: 0 };
  }

  async store(file: { readonly name: string; readonly type: string; readonly size: number }): Promise<StoredFile> {
    const fileId = 'f'.repeat(64);
    const link = `http://ring.example/#/f/${fileId}`;
    const { name, type, size } = file;
    const kept = { copies: 3, devices: 3, wanted: 3, state: 'safe', isPinned: true, expires: EXPIRES } as const;
    this.own = [{ fileId, link, isPublic: true, name, type, size, storedAt: 0, ...kept }];
    const found = await this.lookup(fileId.slice(0, this.nodeId.length));
    return { fileId, link, key: found.key, root: found.root, route: found.route, copies: 2 };
  }

  async retrieve(link: string): Promise<RetrievedFile> {
    const head = { name: `file of ${link.slice(-4)}`, type: '', size: 5 };
    return { ...head, stream: () => new Blob(['hello']).stream(), blob: async () => new Blob(['hello']) };
  }

  async retrieveInto(link: string, begin: (head: FileHead) => Promise<FileSink>): Promise<FileHead> {
    const file = await this.retrieve(link);
    const sink = await begin(file);
    await sink.write(new TextEncoder().encode('hello'), [0]);
    return file;
  }

  listFiles(): FileListing {
    return { own: this.own, held: this.held };
  }

  async fileStatus(linkOrId: string): Promise<FileStatus> {
    const { fileId } = parseFileLink(linkOrId);
    const segments = [{ digest: fileId, copies: 3, devices: 1 }];
    return { fileId, wanted: 3, copies: 3, devices: 1, state: 'at-risk', segments, expires: EXPIRES };
  }

  async remove(linkOrId: string): Promise<RemovedFile> {
    const { fileId } = parseFileLink(linkOrId);
    const file = this.own.find((own) => own.fileId === fileId);
    if (file === undefined) throw new PeerError('not-owner', 'this node has not stored it');
    this.own = this.own.filter((own) => own !== file);
    return { fileId, name: file.name, holders: 3, deletedAt: 2, isDone: true };
  }

  async pin(linkOrId: string): Promise<void> {
    this.#setPinned(linkOrId, true);
  }

  async unpin(linkOrId: string): Promise<void> {
    this.#setPinned(linkOrId, false);
  }

  #setPinned(linkOrId: string, isPinned: boolean): void {
    const { fileId } = parseFileLink(linkOrId);
    this.own = this.own.map((file) => (file.fileId === fileId ? { ...file, isPinned } : file));
  }

  safeToClose(): ClosingReport {
    return { safe: true, known: true, lost: this.lost, atRisk: { files: [], blocks: 0 } };
  }

  async leave(): Promise<LeaveReport> {
    this.status = 'left';
    this.emit({ type: 'status', status: 'left' });
    return { lost: this.lost };
  }

  subscribe(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function toId(id: string, ids: readonly string[]): NodeId {
  const valid = idFromPrefix(id, ids[0]?.length ?? 4);
  if (valid === undefined) throw new Error(`${id} is no id`);
  return valid;
}
