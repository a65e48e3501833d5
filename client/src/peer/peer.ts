// A peer: the core's node, its driver, its transfers and its files, composed over the ports. Browser tabs, programs in
// Node and tests give it different adapters (PeerParts) and use it through PeerApi.

import { TabringNode } from '../core/node.ts';
import { type Id, idFromPrefix, type NodeId } from '../core/pastry/id.ts';
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
  RetrievedFile,
  StoredFile,
  StoreOptions,
  TransferOptions,
} from './api.ts';
import { Counters } from './counters.ts';
import { Driver, type ShellOutput } from './driver.ts';
import { PeerError } from './errors.ts';
import { parseFileLink } from './file-link.ts';
import { Files } from './files.ts';
import { leafPins } from './leaf-pins.ts';
import { LEAVE_TIMEOUT_MS } from './limits.ts';
import { LinkFailures } from './link-failures.ts';
import { withRelayed } from './link-list.ts';
import { Listeners } from './listeners.ts';
import { LocalBlocks } from './local-blocks.ts';
import { OwnFiles } from './own-files.ts';
import type { PeerNode, PeerParts } from './parts.ts';
import { Requests } from './requests.ts';
import { Status } from './status.ts';
import { Transfers } from './transfers.ts';

export class Peer implements PeerApi {
  readonly #parts: PeerParts;
  readonly #node: PeerNode;
  readonly #driver: Driver;
  readonly #blocks: LocalBlocks;
  readonly #transfers: Transfers;
  readonly #requests: Requests;
  readonly #files: Files;
  readonly #status: Status;
  readonly #counters = new Counters();
  readonly #linkFailures = new LinkFailures();
  readonly #listeners = new Listeners<PeerEvent>();
  #hasGone = false;

  constructor(parts: PeerParts) {
    this.#parts = parts;
    const { discovery, links, store, clock, sha256, epoch, device, seed } = parts;
    const { params, nodeId } = discovery;
    const counters = this.#counters;
    const createNode = parts.createNode ?? ((config) => new TabringNode(config));
    this.#node = createNode({ self: { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE }, params, seed });
    this.#driver = new Driver({
      machine: this.#node,
      clock,
      links,
      params,
      codec: createFrameCodec(params),
      counters,
      shell: {
        output: (output) => this.#carryOut(output),
        control: (peer, control) => this.#transfers.control(peer, control),
        chunk: (peer, transfer, offset, payload) => this.#transfers.chunk(peer, transfer, offset, payload),
        drained: (peer) => this.#transfers.drained(peer),
        linkChanged: (peer, state, message) => this.#linkChanged(peer, state, message),
        linkFailed: (peer, failure) => this.#linkFailures.failed(peer, failure),
        isTransferring: (peer) => this.#transfers.isBusy(peer),
        isRelayed: (peer) => this.#node.relayed().has(peer),
        carriersOf: (peer) => this.#node.carriersOf(peer),
        isJoining: () => this.status === 'joining',
        pins: () => leafPins(this.#node.inspect(), params.leafSetSize),
      },
    });
    const dispatch = this.#driver.dispatch.bind(this.#driver);
    this.#blocks = new LocalBlocks({ store, sha256, counters, dispatch });
    this.#transfers = new Transfers(nodeId, this.#driver, this.#blocks, maxBlockBytes(params), (to, digest, size) =>
      this.publish({ type: 'sent', nodeId: to, digest, size }),
    );
    this.#requests = new Requests(dispatch, this.#blocks);
    this.#status = new Status(this.#driver);
    const ownFiles = new OwnFiles(parts.settings, parts.origin, counters, () => this.publish({ type: 'files' }));
    this.#files = new Files({ requests: this.#requests, sha256, params }, ownFiles, parts.origin, parts.calendar);
  }

  /** Joins the ring with the blocks already on disk. Rejects with a PeerError of code storage if the disk cannot be read. */
  async start(): Promise<void> {
    const { discovery, store } = this.#parts;
    await this.#files.load();
    const held = await store.list().catch((error: unknown) => {
      throw new PeerError('storage', 'the stored blocks cannot be read', error);
    });
    this.#driver.dispatch({ type: 'start', sponsor: discovery.sponsor, held });
  }

  get nodeId(): NodeId {
    return this.#parts.discovery.nodeId;
  }

  get status(): 'joining' | 'active' | 'left' {
    return this.#status.current;
  }

  inspect(): PeerInspection {
    const { leafSet, routingTable, neighborhoodSet, held } = this.#node.inspect();
    const { links } = this.#parts;
    const bytes = held.reduce((sum, { size }) => sum + size, 0);
    return {
      nodeId: this.nodeId,
      status: this.status,
      params: this.#parts.discovery.params,
      leafSet,
      routingTable,
      neighborhoodSet,
      devices: this.#devices([...leafSet.cw, ...leafSet.ccw, ...routingTable.map(({ nodeId }) => nodeId)]),
      links: withRelayed(links.links(), this.#node.relayed()),
      linkFailures: this.#linkFailures.list(),
      files: this.#files.own(),
      held: { objects: held.length, bytes },
      counters: this.counters,
    };
  }

  /** As in inspect(), which costs more: it asks the browser about links. */
  get counters(): Readonly<Record<string, number>> {
    return this.#counters.snapshot([...this.#node.counters, ...Object.entries(this.#parts.links.counters)]);
  }

  async lookup(key: string): Promise<LookupResult> {
    const { digits } = this.#parts.discovery.params;
    const prefix = key.trim();
    // Nothing would be the key 0: more likely a variable that nobody has set.
    const id = prefix === '' ? undefined : idFromPrefix(prefix, digits);
    if (id === undefined)
      throw new PeerError(
        'bad-id',
        `"${prefix.slice(0, 80)}" is no key of this ring: give 1 to ${digits} hex characters`,
      );
    await this.#status.whenActive();
    const { root, route } = await this.#requests.lookup(id);
    return { key: id, root, route, hops: route.length - 1 };
  }

  async store(file: FileSource, options: StoreOptions = {}): Promise<StoredFile> {
    await this.#status.whenActive();
    return this.#files.store(file, options);
  }

  async retrieve(linkOrId: string, options: TransferOptions = {}): Promise<RetrievedFile> {
    const fileId = parseFileLink(linkOrId);
    await this.#status.whenActive();
    return this.#files.retrieve(fileId, options);
  }

  async find(name: string, { signal }: Pick<TransferOptions, 'signal'> = {}): Promise<FoundFiles> {
    await this.#status.whenActive();
    return this.#files.find(name, signal);
  }

  keyOfName(name: string): Promise<Id> {
    return this.#files.keyOfName(name);
  }

  listFiles(): FileListing {
    return { own: this.#files.own(), held: this.#node.inspect().held };
  }

  async leave(): Promise<void> {
    this.#driver.dispatch({ type: 'leave', urgent: false });
    await this.#status.whenLeft(LEAVE_TIMEOUT_MS);
    const { links } = this.#parts;
    // Unlike closeAll, close lets the last messages through.
    this.#go(() => {
      for (const { nodeId } of links.links()) links.close(nodeId, 'goodbye');
    });
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

  #devices(nodeIds: readonly NodeId[]): Readonly<Record<NodeId, string>> {
    const deviceById: Record<NodeId, string> = { [this.nodeId]: this.#parts.device };
    for (const nodeId of nodeIds) {
      const device = this.#node.deviceOf(nodeId);
      if (device !== undefined) deviceById[nodeId] = device;
    }
    return deviceById;
  }

  #go(closeLinks: () => void): void {
    if (this.#hasGone) return;
    this.#hasGone = true;
    this.#driver.dispatch({ type: 'leave', urgent: true });
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
        return this.#transfers.pull(output.from, output.block, output.keep);
      case 'stop-pull':
        return this.#transfers.stopPull(output.from, output.digest);
      case 'drop':
        return void this.#blocks.drop(output.digest);
      case 'verify':
        return void this.#blocks.verify(output.digest);
      case 'trace':
        return this.publish({ type: 'trace', event: output.event });
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
    this.publish({ type: 'status', status });
  }

  #linkChanged(peer: NodeId, state: 'up' | 'down' | 'failed', message: string): void {
    if (state === 'up') this.#linkFailures.opened(peer);
    else this.#transfers.linkClosed(peer);
    this.publish({ type: 'link', nodeId: peer, state, message });
  }
}
