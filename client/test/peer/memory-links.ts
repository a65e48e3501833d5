// Links between nodes of one process, under virtual time: ordered, delayed, buffered as a data channel is, and cut at will.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { LOW_WATER_BYTES } from '../../src/links/limits.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';
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
  /** Chunks and messages under way take this long; a test may change it. */
  latencyMs = LATENCY_MS;
  /** Nodes to which everything takes this long instead. */
  readonly slowMsById = new Map<NodeId, number>();

  constructor(time: VirtualTime) {
    this.time = time;
  }

  join(nodeId: NodeId): MemoryLinks {
    const links = new MemoryLinks(this, nodeId);
    this.#linksById.set(nodeId, links);
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
  readonly #network: MemoryNetwork;
  readonly #endByPeer = new Map<NodeId, End>();
  #events: LinkEvents | undefined;
  #isDead = false;
  readonly counters = {};
  /** The most that was ever buffered on one link. */
  peakBytes = 0;

  constructor(network: MemoryNetwork, nodeId: NodeId) {
    this.#network = network;
    this.nodeId = nodeId;
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
    if (this.#network.areApart(this.nodeId, peer)) {
      this.#later(NO_PATH_MS, () => {
        if (end.state !== 'connecting') return;
        this.#endByPeer.delete(peer);
        this.#events?.failed(peer, { stage: 'ice', noSuchPeer: false, message: 'there is no path' });
      });
      return;
    }
    this.#later(OPENING_MS, () => {
      if (end.state !== 'connecting' || other.#isDead) return;
      const otherEnd = other.#end(this);
      if (otherEnd.state === 'open') return;
      end.state = 'open';
      otherEnd.state = 'open';
      other.#events?.up(this.nodeId);
      this.#events?.up(peer);
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
      if (otherEnd?.state === 'open' && !end.peer.#isDead) end.peer.#events?.frame(this.nodeId, copy);
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

  #closedBy(peer: NodeId, reason: LinkCloseReason | 'lost'): void {
    const end = this.#endByPeer.get(peer);
    if (end === undefined || this.#isDead) return;
    this.#endByPeer.delete(peer);
    const wasOpen = end.state === 'open';
    end.state = 'closed';
    if (wasOpen) this.#events?.down(peer, reason);
    else this.#events?.failed(peer, { stage: 'closed-by-peer', noSuchPeer: false, message: `refused: ${reason}` });
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
