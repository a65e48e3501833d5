// Links between nodes of one process, under virtual time: ordered, delayed, buffered as a data channel is, and cut at will.
// Each shows its far end's certificate, as links do that prove their ends.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { LOW_WATER_BYTES } from '../../src/links/limits.ts';
import type { OwnerKey, OwnerKeys } from '../../src/peer/owner-keys.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import type { VirtualTime } from './virtual-time.ts';

const OPENING_MS = 5;
/** How long it takes to find that there is no path. */
export const NO_PATH_MS = 15_000;
const LATENCY_MS = 1;
/** How long a silent death stays unseen by WebRTC. */
const SILENT_DEATH_MS = 15_000;

/** One end of a link. */
interface End {
  readonly peer: MemoryLinks;
  state: 'connecting' | 'open' | 'closed';
  bufferedBytes: number;
}

export class MemoryNetwork {
  readonly time: VirtualTime;
  readonly #linksById = new Map<NodeId, MemoryLinks>();
  readonly #apart = new Set<string>();
  readonly #authority = new CheapAuthority(new Rng(1));
  readonly #ownerBySecret = new Map<string, OwnerKey>();
  /** Chunks and messages under way take this long; a test may change it. */
  latencyMs = LATENCY_MS;
  /** Nodes to which everything takes this long instead. */
  readonly slowMsById = new Map<NodeId, number>();

  constructor(time: VirtualTime) {
    this.time = time;
  }

  /** Keys and a certificate as the simulator has them. */
  credentials(nodeId: NodeId, device: string, epoch = 1, role: 'node' | 'client' = 'node'): Scheme {
    return this.#authority.scheme({ nodeId, device, epoch, role });
  }

  /** Keys of files' owners as the simulator has them: their secrets are names, which this network knows. */
  readonly ownerKeys: OwnerKeys = {
    create: async () => {
      const { key, signText } = this.#authority.owner();
      const owner = { owner: key, secret: key, sign: async (text: string) => signText(text) };
      this.#ownerBySecret.set(key, owner);
      return owner;
    },
    open: async (secret) => {
      const owner = this.#ownerBySecret.get(secret);
      if (owner === undefined) throw new TypeError('no owner of this network');
      return owner;
    },
  };

  /** The links of the owner of these. */
  join(credentials: Scheme): MemoryLinks {
    const links = new MemoryLinks(this, credentials);
    this.#linksById.set(links.nodeId, links);
    return links;
  }

  find(nodeId: NodeId): MemoryLinks | undefined {
    return this.#linksById.get(nodeId);
  }

  /** From now on no link between the two opens. */
  part(a: NodeId, b: NodeId): void {
    this.#apart.add(`${a} ${b}`).add(`${b} ${a}`);
  }

  areApart(a: NodeId, b: NodeId): boolean {
    return this.#apart.has(`${a} ${b}`);
  }

  /** The node vanishes without a word: its links say open for a while yet. */
  kill(nodeId: NodeId): void {
    const links = this.#linksById.get(nodeId);
    this.#linksById.delete(nodeId);
    links?.die();
  }
}

export class MemoryLinks implements LinkLayer {
  readonly nodeId: NodeId;
  readonly credentials: Scheme;
  readonly #network: MemoryNetwork;
  readonly #endByPeer = new Map<NodeId, End>();
  #events: LinkEvents | undefined;
  #isDead = false;
  readonly counters = {};
  /** Told of every frame that arrives, before the node is. */
  tap: (from: NodeId, bytes: Uint8Array) => void = () => undefined;
  /** The most that was ever buffered on one link. */
  peakBytes = 0;

  constructor(network: MemoryNetwork, credentials: Scheme) {
    this.#network = network;
    this.credentials = credentials;
    this.nodeId = credentials.certificate.nodeId;
  }

  listen(events: LinkEvents): void {
    this.#events = events;
  }

  connect(peer: NodeId): void {
    if (this.#endByPeer.has(peer)) return;
    const other = this.#network.find(peer);
    if (other === undefined) {
      this.#later(OPENING_MS, () =>
        this.#events?.failed(peer, { stage: 'signalling', noSuchPeer: true, message: 'nobody has this id' }),
      );
      return;
    }
    const end = this.#end(other);
    if (this.#network.areApart(this.nodeId, peer)) return this.#findNoPath(peer, end);
    this.#later(OPENING_MS, () => {
      if (end.state !== 'connecting' || other.#isDead) return;
      const otherEnd = other.#end(this);
      if (otherEnd.state === 'open') return;
      end.state = 'open';
      otherEnd.state = 'open';
      other.#events?.up(this.nodeId, this.credentials.certificate);
      this.#events?.up(peer, other.credentials.certificate);
    });
  }

  send(peer: NodeId, frame: Uint8Array): void {
    const end = this.#endByPeer.get(peer);
    if (end?.state !== 'open') return;
    end.bufferedBytes += frame.length;
    this.peakBytes = Math.max(this.peakBytes, end.bufferedBytes);
    const copy = frame.slice();
    this.#later(this.#network.slowMsById.get(peer) ?? this.#network.latencyMs, () => {
      const before = end.bufferedBytes;
      end.bufferedBytes -= frame.length;
      const otherEnd = end.peer.#endByPeer.get(this.nodeId);
      if (otherEnd?.state === 'open' && !end.peer.#isDead) end.peer.#arrived(this.nodeId, copy);
      const hasDrained = before > LOW_WATER_BYTES && end.bufferedBytes <= LOW_WATER_BYTES;
      if (hasDrained && end.state === 'open') this.#events?.drained(peer);
    });
  }

  bufferedBytes(peer: NodeId): number {
    return this.#endByPeer.get(peer)?.bufferedBytes ?? 0;
  }

  close(peer: NodeId, reason: LinkCloseReason | 'lost'): void {
    const end = this.#endByPeer.get(peer);
    if (end === undefined) return;
    this.#endByPeer.delete(peer);
    end.state = 'closed';
    // After what was sent before.
    this.#later(this.#network.latencyMs, () => end.peer.#closedBy(this.nodeId, reason));
  }

  closeAll(): void {
    for (const peer of [...this.#endByPeer.keys()]) this.close(peer, 'goodbye');
  }

  /** These links tell of themselves when they are dead. */
  check(): void {
    return;
  }

  links(): readonly LinkInfo[] {
    return [...this.#endByPeer].flatMap(([nodeId, { state }]) => (state === 'closed' ? [] : [{ nodeId, state }]));
  }

  get linkCount(): number {
    return this.links().length;
  }

  /** All are known to exist that do. */
  introduce(): void {
    return;
  }

  /** Links of one process need no signals. */
  signalled(): void {
    return;
  }

  die(): void {
    this.#isDead = true;
    for (const peer of [...this.#endByPeer.keys()]) {
      const other = this.#network.find(peer);
      this.#network.time.schedule(SILENT_DEATH_MS, () => {
        if (other !== undefined) other.#closedBy(this.nodeId, 'lost');
      });
    }
    this.#events = undefined;
  }

  #arrived(from: NodeId, frame: Uint8Array): void {
    this.tap(from, frame);
    this.#events?.frame(from, frame);
  }

  #closedBy(peer: NodeId, reason: LinkCloseReason | 'lost'): void {
    const end = this.#endByPeer.get(peer);
    if (end === undefined || this.#isDead) return;
    this.#endByPeer.delete(peer);
    const wasOpen = end.state === 'open';
    end.state = 'closed';
    if (wasOpen) this.#events?.down(peer, reason);
    else this.#events?.failed(peer, { stage: 'closed-by-peer', noSuchPeer: false, message: `refused: ${reason}` });
  }

  /** Signals go to and fro, and show certificates; both ends learn that nothing else does. */
  #findNoPath(peer: NodeId, end: End): void {
    const other = end.peer;
    const failure = { stage: 'ice', noSuchPeer: false, message: 'there is no path' } as const;
    this.#events?.certified(other.credentials.certificate);
    other.#events?.certified(this.credentials.certificate);
    this.#later(NO_PATH_MS, () => {
      if (end.state !== 'connecting') return;
      this.#endByPeer.delete(peer);
      this.#events?.failed(peer, failure);
      if (!other.#endByPeer.has(this.nodeId)) other.#events?.answerFailed(this.nodeId, failure);
    });
  }

  #end(peer: MemoryLinks): End {
    const known = this.#endByPeer.get(peer.nodeId);
    if (known !== undefined) return known;
    const end: End = { peer, state: 'connecting', bufferedBytes: 0 };
    this.#endByPeer.set(peer.nodeId, end);
    return end;
  }

  #later(delayMs: number, run: () => void): void {
    this.#network.time.schedule(delayMs, () => {
      if (!this.#isDead) run();
    });
  }
}
