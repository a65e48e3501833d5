// Real links in the hands of their owner: it sends bytes on them past its own driver and gate, and keeps the certificates
// that others show.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';
import type { Certificate } from '../../src/trust/certificate.ts';

export class TappedLinks implements LinkLayer {
  readonly #inner: LinkLayer;
  readonly #open = new Set<NodeId>();
  /** Of all nodes that were ever linked, or sent signals. */
  readonly certificateById = new Map<NodeId, Certificate>();

  constructor(inner: LinkLayer) {
    this.#inner = inner;
  }

  /** Nodes to which a link is open. */
  get open(): readonly NodeId[] {
    return [...this.#open];
  }

  isOpen(peer: NodeId): boolean {
    return this.#open.has(peer);
  }

  listen(events: LinkEvents): void {
    this.#inner.listen({
      ...{ frame: events.frame, garbage: events.garbage, drained: events.drained, carry: events.carry },
      ...{ failed: events.failed, answerFailed: events.answerFailed },
      ...{ mayAnswer: events.mayAnswer, isJoining: events.isJoining, openingMs: events.openingMs },
      up: (peer, certificate) => {
        this.#open.add(peer);
        this.certificateById.set(peer, certificate);
        events.up(peer, certificate);
      },
      down: (peer, reason) => {
        this.#open.delete(peer);
        events.down(peer, reason);
      },
      certified: (certificate) => {
        this.certificateById.set(certificate.nodeId, certificate);
        events.certified(certificate);
      },
    });
  }

  connect(peer: NodeId): void {
    this.#inner.connect(peer);
  }

  introduce(certificate: Certificate): void {
    this.#inner.introduce(certificate);
  }

  send(peer: NodeId, frame: Uint8Array): void {
    this.#inner.send(peer, frame);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#inner.bufferedBytes(peer);
  }

  close(peer: NodeId, reason: LinkCloseReason): void {
    this.#open.delete(peer);
    this.#inner.close(peer, reason);
  }

  closeAll(): void {
    this.#open.clear();
    this.#inner.closeAll();
  }

  check(): void {
    this.#inner.check();
  }

  links(): readonly LinkInfo[] {
    return this.#inner.links();
  }

  get linkCount(): number {
    return this.#inner.linkCount;
  }

  signalled(from: NodeId, data: string): void {
    this.#inner.signalled(from, data);
  }

  get counters(): Readonly<Record<string, number>> {
    return this.#inner.counters;
  }
}
