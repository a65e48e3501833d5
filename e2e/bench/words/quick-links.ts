// Links of one process that cost next to nothing: frames are handed over in turn, all that wait at once. What is left of a
// lookup's cost is the peers' own.

import type { NodeId } from '../../../client/src/core/pastry/id.ts';
import type { LinkEvents, LinkInfo, LinkLayer } from '../../../client/src/peer/ports.ts';
import type { Certificate } from '../../../client/src/trust/certificate.ts';

export class QuickNetwork {
  readonly linksById = new Map<NodeId, QuickLinks>();
  #waiting: (() => void)[] = [];

  /** After all that was put off before. */
  later(run: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#work());
    this.#waiting.push(run);
  }

  #work(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
  }
}

export class QuickLinks implements LinkLayer {
  readonly counters = {};
  readonly #network: QuickNetwork;
  readonly #certificate: Certificate;
  readonly #open = new Set<NodeId>();
  #events: LinkEvents | undefined;

  constructor(network: QuickNetwork, certificate: Certificate) {
    this.#network = network;
    this.#certificate = certificate;
    network.linksById.set(certificate.nodeId, this);
  }

  listen(events: LinkEvents): void {
    this.#events = events;
  }

  connect(peer: NodeId): void {
    const far = this.#network.linksById.get(peer);
    if (far === undefined) throw new Error(`${peer} is not in this ring`);
    this.#network.later(() => {
      if (this.#open.has(peer)) return;
      this.#open.add(peer);
      far.#open.add(this.#certificate.nodeId);
      far.#events?.up(this.#certificate.nodeId, this.#certificate);
      this.#events?.up(peer, far.#certificate);
    });
  }

  send(peer: NodeId, frame: Uint8Array): void {
    const far = this.#network.linksById.get(peer);
    this.#network.later(() => {
      if (far === undefined) return;
      if (far.#open.has(this.#certificate.nodeId)) far.#events?.frame(this.#certificate.nodeId, frame);
    });
  }

  close(peer: NodeId, reason: 'goodbye' | 'budget' | 'misbehaved'): void {
    if (!this.#open.delete(peer)) return;
    const far = this.#network.linksById.get(peer);
    this.#network.later(() => {
      if (far === undefined) return;
      if (far.#open.delete(this.#certificate.nodeId)) far.#events?.down(this.#certificate.nodeId, reason);
    });
  }

  closeAll(): void {
    for (const peer of [...this.#open]) this.close(peer, 'goodbye');
  }

  bufferedBytes(): number {
    return 0;
  }

  links(): readonly LinkInfo[] {
    return Array.from(this.#open, (nodeId) => ({ nodeId, state: 'open' }) as const);
  }

  get linkCount(): number {
    return this.#open.size;
  }

  check(): void {
    return;
  }

  signalled(): void {
    return;
  }

  introduce(): void {
    return;
  }
}
