// The registrations whose sockets are at this Discovery node, in its memory: what it knows of them at once, and what time does
// to their classes. To Redis only changes of class are told, together with the next question.

import type { NodeId } from '../../client/src/core/pastry/id.ts';
import type { Listed } from '../directory.ts';
import { FRESH_MS, SEEKING_MS } from '../limits.ts';
import type { Peer } from '../registration.ts';
import { TimeQueue } from '../time-queue.ts';
import { type Moves, SEEKING, type SharedEntry, SILENT, STALE } from './registry.ts';

export interface LocalPeer extends Peer, Listed {
  readonly group: string;
  /** Milliseconds on this process's clock, as below. */
  lastSeen: number;
  /** When it was last sent to a sponsor; undefined: it looks for none. */
  soughtAt: number | undefined;
  /** Seconds since 1970: the end of its certificate. */
  until: number;
  hasAnswered: boolean;
}

export class LocalPeers {
  readonly #peerByHolder = new Map<string, LocalPeer>();
  readonly #peerById = new Map<NodeId, LocalPeer>();
  readonly #fresh = new TimeQueue<LocalPeer>();
  readonly #seeking = new TimeQueue<LocalPeer>();
  /** Not yet told. */
  readonly #moves = new Map<NodeId, readonly [set: number, clear: number]>();
  #nodes = 0;

  get size(): number {
    return this.#peerByHolder.size;
  }

  get counts(): { readonly nodes: number; readonly clients: number } {
    return { nodes: this.#nodes, clients: this.size - this.#nodes };
  }

  byHolder(holder: string): LocalPeer | undefined {
    return this.#peerByHolder.get(holder);
  }

  byId(nodeId: NodeId): LocalPeer | undefined {
    return this.#peerById.get(nodeId);
  }

  holders(): readonly string[] {
    return [...this.#peerByHolder.keys()];
  }

  nodes(): readonly LocalPeer[] {
    return [...this.#peerByHolder.values()].filter(({ role }) => role === 'node');
  }

  /** Takes the place of what was here of its socket and its id. */
  add(peer: LocalPeer): void {
    for (const former of [this.#peerByHolder.get(peer.holder), this.#peerById.get(peer.nodeId)])
      if (former !== undefined) this.delete(former.holder);
    this.#peerByHolder.set(peer.holder, peer);
    this.#peerById.set(peer.nodeId, peer);
    if (peer.role === 'client') return;
    this.#nodes += 1;
    this.#fresh.push(peer);
    if (peer.soughtAt !== undefined) this.#seeking.push(peer);
  }

  delete(holder: string): LocalPeer | undefined {
    const peer = this.#peerByHolder.get(holder);
    if (peer === undefined) return undefined;
    this.#peerByHolder.delete(holder);
    this.#peerById.delete(peer.nodeId);
    this.#moves.delete(peer.nodeId);
    if (peer.role === 'node') this.#nodes -= 1;
    for (const queue of [this.#fresh, this.#seeking]) queue.delete(peer);
    return peer;
  }

  seen(holder: string, now: number): void {
    const peer = this.#peerByHolder.get(holder);
    if (peer === undefined) return;
    peer.lastSeen = now;
    if (peer.role === 'client') return;
    if (!this.#fresh.has(peer)) this.#move(peer, 0, STALE);
    this.#fresh.push(peer);
  }

  /** It was sent to a sponsor, or to none: Redis has put it in its class already. */
  sought(peer: LocalPeer, now: number, hasSponsor: boolean): void {
    if (peer.role === 'client') return;
    peer.soughtAt = hasSponsor ? now : undefined;
    if (hasSponsor) this.#seeking.push(peer);
    else this.#seeking.delete(peer);
  }

  /** The changes of class until now, which are to be told. */
  takeMoves(now: number): Moves {
    for (let oldest = this.#fresh.first; oldest !== undefined; oldest = this.#fresh.first) {
      if (now - oldest.lastSeen <= FRESH_MS) break;
      this.#fresh.delete(oldest);
      this.#move(oldest, STALE, 0);
    }
    for (let oldest = this.#seeking.first; oldest !== undefined; oldest = this.#seeking.first) {
      if (oldest.soughtAt !== undefined && now - oldest.soughtAt <= SEEKING_MS) break;
      this.#seeking.delete(oldest);
      this.#move(oldest, 0, SEEKING);
    }
    const moves = Object.fromEntries(this.#moves);
    this.#moves.clear();
    return moves;
  }

  /** They could not be told. */
  giveBack(moves: Moves): void {
    for (const nodeId of Object.keys(moves)) {
      const peer = this.#peerById.get(nodeId as NodeId);
      if (peer === undefined) continue;
      const bits = this.#classOf(peer) & ~SILENT;
      this.#moves.set(peer.nodeId, [bits, (STALE | SEEKING) & ~bits]);
    }
  }

  /** All, as they should be in Redis. */
  entries(server: string): readonly SharedEntry[] {
    return [...this.#peerByHolder.values()].map((peer) => {
      const { role, nodeId, epoch, signKey, agreeKey, device, address, group, holder, until } = peer;
      return {
        ...{ role, nodeId, epoch, signKey, agreeKey, device, address, group, holder, server },
        class: this.#classOf(peer),
        untilSeconds: until,
      };
    });
  }

  #classOf(peer: LocalPeer): number {
    const [stale, seeking] = [!this.#fresh.has(peer), this.#seeking.has(peer)];
    return (stale ? STALE : 0) | (seeking ? SEEKING : 0) | (peer.hasAnswered ? 0 : SILENT);
  }

  #move({ nodeId }: LocalPeer, set: number, clear: number): void {
    const [formerSet, formerClear] = this.#moves.get(nodeId) ?? [0, 0];
    this.#moves.set(nodeId, [(formerSet | set) & ~clear, (formerClear | clear) & ~set]);
  }
}
