// A peer without a network, for tests of the page: a fixed ring of ids, files in memory, stores and fetches that move
// when the test (or the demo page's timer) says so.

import type { TraceEvent } from '../../src/core/io.ts';
import {
  clockwiseDistance,
  closestId,
  type Id,
  idFromPrefix,
  type NodeId,
  ringDistance,
} from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import type {
  FileListing,
  FileSource,
  FoundFiles,
  LookupResult,
  OwnFile,
  PeerApi,
  PeerEvent,
  PeerInspection,
  StoredFile,
  StoreOptions,
  TransferOptions,
} from '../../src/peer/api.ts';
import { PeerError } from '../../src/peer/errors.ts';
import type { ClosingReport, FileStatus, LeaveReport, RemovedFile } from '../../src/peer/file-status.ts';
import type { LinkInfo } from '../../src/peer/ports.ts';
import type { FileHead, FileSink, RetrievedFile, RetrieveOptions } from '../../src/peer/retrieved-file.ts';

interface Pending {
  readonly steps: number;
  step: number;
  readonly advance: (step: number) => void;
}

export class DemoPeer implements PeerApi {
  readonly nodeId: NodeId;
  status: 'joining' | 'active' | 'left' = 'joining';
  readonly #others: readonly NodeId[];
  readonly #clockwise: readonly NodeId[];
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  /** Files of which no other node has a copy. */
  readonly onlyHere = new Set<string>();
  /** So many nodes are in its neighbourhood. */
  neighbours = 4;
  readonly #own: OwnFile[] = [];
  readonly #bytesById = new Map<string, { readonly source: FileSource; readonly bytes: ArrayBuffer }>();
  readonly #pending = new Set<Pending>();

  /** The first of `prefixes` is this tab. */
  constructor(prefixes: readonly string[]) {
    const [self, ...others] = prefixes.map(demoId);
    if (self === undefined) throw new Error('a ring needs at least one id');
    this.nodeId = self;
    this.#others = others;
    this.#clockwise = others.toSorted((a, b) => compare(clockwiseDistance(self, a), clockwiseDistance(self, b)));
  }

  /** Of all other nodes. */
  get ids(): readonly NodeId[] {
    return this.#others;
  }

  activate(): void {
    this.status = 'active';
    this.emit({ type: 'status', status: 'active' });
  }

  emit(event: PeerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  trace(event: TraceEvent): void {
    this.emit({ type: 'trace', event });
  }

  /** Moves every transfer under way by one step. */
  advance(): void {
    for (const pending of [...this.#pending]) {
      pending.step += 1;
      pending.advance(pending.step);
    }
  }

  inspect(): PeerInspection {
    const sides = this.status === 'active' ? this.#others : [];
    const half = DEFAULT_RING_PARAMS.leafSetSize / 2;
    const cw = this.status === 'active' ? this.#clockwise : [];
    const leafSet = { cw: cw.slice(0, half), ccw: cw.toReversed().slice(0, half) };
    const cells = new Map<string, PeerInspection['routingTable'][number]>();
    for (const nodeId of sides) {
      const row = [...nodeId].findIndex((digit, index) => digit !== this.nodeId[index]);
      const column = nodeId[row] ?? '0';
      if (!cells.has(`${row}${column}`)) cells.set(`${row}${column}`, { row, column, nodeId });
    }
    return {
      nodeId: this.nodeId,
      status: this.status,
      params: DEFAULT_RING_PARAMS,
      leafSet,
      routingTable: [...cells.values()],
      neighborhoodSet: sides.slice(0, this.neighbours),
      devices: Object.fromEntries([this.nodeId, ...sides].map((nodeId) => [nodeId, `device-of-${nodeId.slice(0, 4)}`])),
      links: [...new Set([...leafSet.cw.slice(0, 4), ...leafSet.ccw.slice(0, 4)])].map((nodeId, index) => ({
        nodeId,
        ...demoLink(index),
      })),
      linkFailures: sides.slice(-1).map((nodeId) => ({
        nodeId,
        stage: 'ice',
        message: 'No network path between the two tabs was found. A TURN server is needed, ask the operator.',
        times: 2,
      })),
      files: this.#own,
      held: { objects: this.#own.length, bytes: this.#own.reduce((sum, file) => sum + file.size, 0) },
      misdeeds: [],
      counters: {},
    };
  }

  lookup(key: string): Promise<LookupResult> {
    const id = idFromPrefix(key, DEFAULT_RING_PARAMS.digits);
    if (id === undefined) {
      return Promise.reject(new PeerError('bad-id', `“${key}” is no key: use up to 32 of the characters 0-9 and a-f.`));
    }
    const root = closestId(id, [this.nodeId, ...this.#others]) ?? this.nodeId;
    const closer = this.#others.filter((other) => ringDistance(id, other) < ringDistance(id, this.nodeId));
    const middle = closer.find((other) => other !== root);
    const route = root === this.nodeId ? [root] : [this.nodeId, ...(middle === undefined ? [] : [middle]), root];
    return Promise.resolve({ key: id, root, route, hops: route.length - 1 });
  }

  async store(file: FileSource, options: StoreOptions = {}): Promise<StoredFile> {
    const bytes = await file.slice(0, file.size).arrayBuffer();
    await this.#transfer(file.size, options);
    const fileId = hexOf(`${file.name}${file.size}`).padEnd(64, '7').slice(0, 64);
    const link = `https://ring.example/#/f/${fileId}`;
    this.#bytesById.set(fileId, { source: file, bytes });
    const stored = { name: file.name, type: file.type, size: file.size, storedAt: Date.UTC(2025, 4, 6, 9, 30) };
    const isFirst = this.#own.length === 0;
    const copies = isFirst ? 3 : 2;
    const kept = { copies, devices: copies, wanted: 3, state: isFirst ? 'safe' : 'copying' } as const;
    const lease = { isPinned: true, expires: Date.UTC(2025, 4, 13, 9, 30) };
    this.#own.push({ ...stored, fileId, link, isPublic: false, ...kept, ...lease });
    this.emit({ type: 'files' });
    const { key, root, route } = await this.lookup(fileId.slice(0, 32));
    return { fileId, link, key, root, route, copies: 2 };
  }

  async retrieveInto(
    linkOrId: string,
    begin: (head: FileHead) => Promise<FileSink>,
    options: TransferOptions = {},
  ): Promise<FileHead> {
    const file = await this.retrieve(linkOrId, options);
    const sink = await begin(file);
    await sink.write(new Uint8Array(await (await file.blob()).arrayBuffer()), [0]);
    return file;
  }

  async retrieve(linkOrId: string, options: RetrieveOptions = {}): Promise<RetrievedFile> {
    const fileId = linkOrId.slice(-64);
    if (!/^[0-9a-f]{64}$/.test(fileId)) {
      throw new PeerError(
        'bad-link',
        'This is no link to a file: it must end in 64 characters. Check that it is whole.',
      );
    }
    const found = this.#bytesById.get(fileId);
    if (found === undefined)
      throw new PeerError('not-found', 'No tab that is open now has this file. Try again later.');
    const { source, bytes } = found;
    const blob = async (): Promise<Blob> => {
      await this.#transfer(source.size, options);
      return new Blob([bytes]);
    };
    return { name: source.name, type: source.type, size: source.size, stream: () => new Blob([bytes]).stream(), blob };
  }

  async find(name: string): Promise<FoundFiles> {
    const { key, root, route } = await this.lookup(hexOf(name).slice(0, DEFAULT_RING_PARAMS.digits));
    return { name, key, root, route, files: this.#own.filter((file) => file.name === name).toReversed(), missing: 0 };
  }

  async keyOfName(name: string): Promise<Id> {
    return demoId(hexOf(name));
  }

  listFiles(): FileListing {
    const held = this.#own.map((file) => ({
      key: demoId(file.fileId.slice(0, 32)),
      digest: file.fileId,
      size: file.size,
    }));
    return { own: [...this.#own], held };
  }

  async fileStatus(fileId: string): Promise<FileStatus> {
    const file = this.#own.find((own) => own.fileId === fileId);
    if (file === undefined) throw new PeerError('not-found', 'no node of this ring has it');
    const { copies, devices, wanted, state, expires } = file;
    return { fileId, copies, devices, wanted, state, expires, segments: [{ digest: fileId, copies, devices }] };
  }

  async remove(linkOrId: string): Promise<RemovedFile> {
    const index = this.#own.findIndex(({ fileId }) => linkOrId.includes(fileId));
    const [file] = index < 0 ? [] : this.#own.splice(index, 1);
    if (file === undefined) throw new PeerError('not-owner', 'this node has not stored it');
    this.emit({ type: 'files' });
    return { fileId: file.fileId, name: file.name, holders: 3, deletedAt: 3, isDone: true };
  }

  async pin(linkOrId: string): Promise<void> {
    this.#setPinned(linkOrId, true);
  }

  async unpin(linkOrId: string): Promise<void> {
    this.#setPinned(linkOrId, false);
  }

  #setPinned(linkOrId: string, isPinned: boolean): void {
    const index = this.#own.findIndex(({ fileId }) => linkOrId.includes(fileId));
    const file = this.#own[index];
    if (file !== undefined) this.#own[index] = { ...file, isPinned };
    this.emit({ type: 'files' });
  }

  safeToClose(): ClosingReport {
    const nothing = { files: [], blocks: 0 };
    const lost = { files: this.#own.filter(({ fileId }) => this.onlyHere.has(fileId)), blocks: 0 };
    return { safe: lost.files.length === 0, known: true, lost, atRisk: nothing };
  }

  async leave(): Promise<LeaveReport> {
    this.status = 'left';
    this.emit({ type: 'status', status: 'left' });
    return { lost: this.safeToClose().lost };
  }

  subscribe(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #transfer(totalBytes: number, { onProgress, signal }: TransferOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const advance = (step: number): void => {
        onProgress?.({ doneBytes: (totalBytes * step) / pending.steps, totalBytes });
        if (step < pending.steps) return;
        this.#pending.delete(pending);
        resolve();
      };
      const pending: Pending = { steps: 4, step: 0, advance };
      this.#pending.add(pending);
      signal?.addEventListener('abort', () => {
        this.#pending.delete(pending);
        reject(new PeerError('aborted', 'Cancelled.'));
      });
    });
  }
}

/** An id from a hex prefix, filled up so that it looks like a real one. */
export function demoId(prefix: string): Id {
  const filler = [...prefix].map((digit) => ((Number.parseInt(digit, 16) * 7 + 3) % 16).toString(16)).join('');
  const id = idFromPrefix(
    (prefix + filler.repeat(32)).slice(0, DEFAULT_RING_PARAMS.digits),
    DEFAULT_RING_PARAMS.digits,
  );
  if (id === undefined) throw new Error(`${prefix} is no hex prefix`);
  return id;
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One of each kind of link. */
function demoLink(index: number): Omit<LinkInfo, 'nodeId'> {
  if (index === 2) return { state: 'connecting' };
  if (index === 4) return { state: 'relayed', path: 'ring', carrier: demoId('81bc') };
  return {
    ...{ state: 'open', path: index === 1 ? 'turn' : 'direct', signalledBy: index === 0 ? 'discovery' : 'ring' },
    ...{ rttMs: 7.4 * (index + 1), bytesSent: 4_321 * 9 ** index, bytesReceived: 1_234_567 },
  };
}
