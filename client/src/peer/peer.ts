// A peer: the core's node, its driver, its transfers and its files, composed over the ports. Browser tabs, programs in
// Node and tests give it different adapters (PeerParts) and use it through PeerApi.

import { TabringNode } from '../core/node.ts';
import { replicaCount } from '../core/past/replicas.ts';
import type { Id, NodeId } from '../core/pastry/id.ts';
import { UNKNOWN_COORDINATE } from '../core/pastry/node-handle.ts';
import { createFrameCodec } from '../wire/frame.ts';
import { maxBlockBytes } from '../wire/limits.ts';
import type {
  FileListing,
  FileSource,
  FoundFiles,
  LookupResult,
  PeerApi,
  PeerEvent,
  PeerInspection,
  StoredFile,
  StoreOptions,
  TransferOptions,
} from './api.ts';
import { bringingOf } from './bringing.ts';
import { closingReport } from './closing.ts';
import { Counters } from './counters.ts';
import { DiskWatch } from './disk-watch.ts';
import { Driver } from './driver.ts';
import { PeerError } from './errors.ts';
import type { ClosingReport, FileStatus, LeaveReport, RemovedFile } from './file-status.ts';
import { FileStatuses } from './file-statuses.ts';
import { Files } from './files.ts';
import { inspectionOf } from './inspection.ts';
import { leafPins, tableEntries } from './leaf-pins.ts';
import { LeaseSigner } from './lease-signer.ts';
import { LEAVE_TIMEOUT_MS } from './limits.ts';
import { LinkNews } from './link-news.ts';
import { Listeners } from './listeners.ts';
import { LocalBlocks } from './local-blocks.ts';
import { OwnFiles } from './own-files.ts';
import { platformOwnerKeys } from './owner-keys.ts';
import { parseKey } from './parse-key.ts';
import type { PeerNode, PeerParts } from './parts.ts';
import { Requests } from './requests.ts';
import type { FileHead, FileSink, RetrievedFile, RetrieveOptions } from './retrieved-file.ts';
import type { ShellOutput } from './shell.ts';
import { Status } from './status.ts';
import { Transfers } from './transfers.ts';

export class Peer implements PeerApi {
  readonly #parts: PeerParts;
  readonly #node: PeerNode;
  readonly #driver: Driver;
  readonly #blocks: LocalBlocks;
  readonly #disk: DiskWatch;
  readonly #transfers: Transfers;
  readonly #requests: Requests;
  readonly #files: Files;
  readonly #statuses: FileStatuses;
  readonly #status: Status;
  readonly #counters = new Counters();
  readonly #links: LinkNews;
  readonly #listeners = new Listeners<PeerEvent>();
  #hasGone = false;

  constructor(parts: PeerParts) {
    this.#parts = parts;
    const { discovery, links, credentials, store, clock, sha256, seed, newId } = parts;
    const { params, nodeId } = discovery;
    const { epoch, device } = credentials.certificate;
    const counters = this.#counters;
    this.#links = new LinkNews((event) => this.publish(event), parts.calendar);
    const createNode = parts.createNode ?? ((config) => new TabringNode(config));
    const self = { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
    // Whole, as leases have it on the wire: a browser's clock has fractions.
    const ringTime = (): number => Math.floor(parts.ringTime());
    this.#node = createNode({ self, params, seed, newId, ringTime });
    this.#driver = new Driver({
      ...{ machine: this.#node, clock, links, params, credentials, counters },
      codec: createFrameCodec(params),
      shell: {
        output: (output) => this.#carryOut(output),
        control: (peer, control) => this.#transfers.control(peer, control),
        chunk: (peer, transfer, offset, payload) => this.#transfers.chunk(peer, transfer, offset, payload),
        drained: (peer) => this.#transfers.drained(peer),
        linkChanged: (peer, state, message) => this.#linkChanged(peer, state, message),
        linkFailed: (peer, failure) => this.#links.failures.failed(peer, failure),
        isTransferring: (peer) => this.#transfers.isBusy(peer),
        carriersOf: (peer) => this.#node.carriersOf(peer),
        ...{ isJoining: () => this.status === 'joining', isRelayed: (peer) => this.#node.relayed().has(peer) },
        pins: () => leafPins(this.#node.inspect(), params.leafSetSize),
        entries: () => tableEntries(this.#node.inspect()),
        misbehaved: (peer, what) => this.#links.misbehaved(peer, what),
        bringing: (peer, source) => bringingOf(this.#node, peer, source, this.#driver.isOpen(source)),
      },
    });
    const dispatch = this.#driver.dispatch.bind(this.#driver);
    this.#blocks = new LocalBlocks({ store, sha256, counters, dispatch, suspect: () => this.#disk.suspect() });
    this.#disk = new DiskWatch({
      ...{ store, blocks: this.#blocks, deadlines: this.#driver, dispatch },
      held: () => this.#node.inspect().held,
      told: (state, blocks) => {
        if (state === 'cleared') this.#files.saveList();
        this.publish({ type: 'disk', state, blocks });
      },
    });
    this.#transfers = new Transfers(nodeId, this.#driver, this.#blocks, maxBlockBytes(params), (to, digest, size) => {
      dispatch({ type: 'given', to, digest });
      this.publish({ type: 'sent', nodeId: to, digest, size });
    });
    this.#requests = new Requests(dispatch, this.#blocks);
    this.#status = new Status(this.#driver);
    const changed = (): void => this.publish({ type: 'files' });
    const ownFiles = new OwnFiles(parts.settings, parts.origin, counters, changed);
    this.#statuses = new FileStatuses({ dispatch, self: nodeId, wanted: replicaCount(params), changed });
    const { deriveSeal, journals, cacheBytes } = parts;
    const signer = new LeaseSigner(credentials.ringKey, ringTime, params);
    const ownerKeys = parts.ownerKeys ?? platformOwnerKeys;
    const rest = { sha256, params, deriveSeal, deadlines: this.#driver, signer, ownerKeys, cacheBytes };
    const [status, requests] = [this.#status, this.#requests];
    const waits = { whenActive: () => status.whenActive(), pause: (delayMs: number) => status.pause(delayMs) };
    const fileParts = { journals, requests, ...waits, ...rest };
    this.#files = new Files(fileParts, ownFiles, this.#statuses, parts.origin, parts.calendar);
  }

  /** Joins the ring with the blocks already on disk. Rejects with a PeerError of code storage if the disk cannot be read. */
  async start(): Promise<void> {
    const { discovery, store } = this.#parts;
    const stored = Promise.all([store.list(), store.leases()]).catch((error: unknown) => {
      throw new PeerError('storage', 'the stored blocks cannot be read', error);
    });
    const [[held, leased]] = await Promise.all([stored, this.#files.load(), this.#blocks.tellRoom()]);
    this.#driver.dispatch({ type: 'start', sponsor: discovery.sponsor, held, leased });
    this.#disk.start();
  }

  get nodeId(): NodeId {
    return this.#parts.discovery.nodeId;
  }

  get status(): 'joining' | 'active' | 'left' {
    return this.#status.current;
  }

  inspect(): PeerInspection {
    const { discovery, links } = this.#parts;
    return inspectionOf({
      ...{ node: this.#node, links, params: discovery.params, status: this.status, counters: this.counters },
      ...{ linkFailures: this.#links.failures, misdeeds: this.#links.misdeeds, files: this.#files.own() },
    });
  }

  /** As in inspect(), which costs more: it asks the browser about links. */
  get counters(): Readonly<Record<string, number>> {
    return this.#counters.snapshot([...this.#node.counters, ...Object.entries(this.#parts.links.counters)]);
  }

  async lookup(key: string): Promise<LookupResult> {
    const id = parseKey(key, this.#parts.discovery.params.digits);
    await this.#status.whenActive();
    const { root, route } = await this.#requests.lookup(id);
    return { key: id, root, route, hops: route.length - 1 };
  }

  store(file: FileSource, options: StoreOptions = {}): Promise<StoredFile> {
    return this.#files.store(file, options);
  }

  retrieve(linkOrId: string, options: RetrieveOptions = {}): Promise<RetrievedFile> {
    return this.#files.retrieve(linkOrId, options);
  }

  retrieveInto(
    linkOrId: string,
    begin: (head: FileHead) => Promise<FileSink>,
    options: TransferOptions = {},
  ): Promise<FileHead> {
    return this.#files.retrieveInto(linkOrId, begin, options);
  }

  find(name: string, { signal }: Pick<TransferOptions, 'signal'> = {}): Promise<FoundFiles> {
    return this.#files.find(name, signal);
  }

  keyOfName(name: string): Promise<Id> {
    return this.#files.keyOfName(name);
  }

  listFiles(): FileListing {
    return { own: this.#files.own(), held: this.#node.inspect().held };
  }

  fileStatus(linkOrId: string, { signal }: Pick<TransferOptions, 'signal'> = {}): Promise<FileStatus> {
    return this.#files.status(linkOrId, signal);
  }

  remove(linkOrId: string): Promise<RemovedFile> {
    return this.#files.remove(linkOrId);
  }

  pin(linkOrId: string): Promise<void> {
    return this.#files.pin(linkOrId);
  }

  unpin(linkOrId: string): Promise<void> {
    return this.#files.unpin(linkOrId);
  }

  safeToClose(): ClosingReport {
    const [own, holdings, statuses] = [this.#files.own(), this.#node.holdings(), this.#statuses];
    return closingReport({ own, holdings, statuses, wanted: replicaCount(this.#parts.discovery.params) });
  }

  async leave(): Promise<LeaveReport> {
    this.#driver.dispatch({ type: 'leave', urgent: false });
    await this.#status.whenLeft(LEAVE_TIMEOUT_MS);
    // Unlike closeAll, close lets the last messages through.
    const { links } = this.#parts;
    this.#go(() => {
      for (const { nodeId } of links.links()) links.close(nodeId, 'goodbye');
    });
    return { lost: this.safeToClose().lost };
  }

  /** Leaves at once and synchronously: the page is going away. */
  goodbye(): void {
    this.#go(() => this.#parts.links.closeAll());
  }

  /** The machine is on another network, or back on one: links that no longer work are found out and dialled again. */
  networkChanged(): void {
    this.#driver.networkChanged();
  }

  subscribe(listener: (event: PeerEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Tells all subscribers; for adapters too that have news, such as the Discovery node's coming and going. */
  publish(event: PeerEvent): void {
    this.#listeners.tell(event);
  }

  #go(closeLinks: () => void): void {
    if (this.#hasGone) return;
    this.#hasGone = true;
    this.#driver.dispatch({ type: 'leave', urgent: true });
    this.#disk.stop();
    this.#driver.stop();
    closeLinks();
    this.#parts.discovery.leave();
    if (this.status !== 'left') this.#statusChanged('left');
  }

  #carryOut(output: ShellOutput): void {
    switch (output.type) {
      case 'ask-sponsor':
        return this.#askSponsor();
      case 'status':
        return this.#statusChanged(output.status);
      case 'pull':
        return this.#transfers.pull(output.from, output.block, output.keep, output.hurry);
      case 'stop-pull':
        return this.#transfers.stopPull(output.from, output.digest);
      case 'drop':
        return void this.#blocks.drop(output.digest);
      case 'keep-leases':
        return void this.#blocks.keepLeases(output.leased);
      case 'verify':
        return void this.#blocks.verify(output.digest);
      case 'prove':
        return void this.#blocks.prove(output.digest, output.salt);
      case 'trace':
        return this.publish({ type: 'trace', event: output.event });
      case 'counted':
        return this.#statuses.counted(output.digest, output.holders);
      default:
        this.#requests.heard(output);
    }
  }

  #askSponsor(): void {
    this.#parts.discovery.askSponsor().then(
      (sponsor) => this.#driver.dispatch({ type: 'sponsor', sponsor }),
      // No answer is not "nobody", at which the core would found a ring of its own: it asks again.
      () => this.#counters.count('Discovery node did not name a sponsor'),
    );
  }

  #statusChanged(status: 'joining' | 'active' | 'left'): void {
    this.#status.changeTo(status);
    if (status === 'left') this.#requests.failAll();
    else if (status === 'active') this.#files.activate();
    this.publish({ type: 'status', status });
  }

  #linkChanged(peer: NodeId, state: 'up' | 'down' | 'failed', message: string): void {
    if (state !== 'up') this.#transfers.linkClosed(peer);
    this.#links.changed(peer, state, message);
  }
}
