// What the network is like at the moment: jitter, loss, partitions, pairs that cannot link. Faults change it; nothing
// else in the simulator decides whether or when a message arrives.

import type { NodeId } from '../core/pastry/id.ts';
import type { Host } from './host.ts';
import { mix, type Rng } from './rng.ts';
import type { Topology } from './topology.ts';

/** A data channel's retransmission timeout: SCTP's minimum of one second (RFC 9260) is Chromium's 220 ms in practice. */
const RETRANSMISSION_MS = 220;
/** Losses of one message in a row that are still drawn; more are beyond any link that stays open. */
const MAX_RETRANSMISSIONS = 6;

export class Conditions {
  /** A message takes up to this share longer than the topology says. */
  jitter = 0;
  /** Share of messages lost. */
  lossRate = 0;
  /** drop: as a datagram. delay: sent again by the link, later each time, as on a data channel. */
  lossEffect: 'drop' | 'delay' = 'drop';
  /** What a node can give to all others together; undefined: as fast as a good path, to each. */
  uplinkBytesPerMs: number | undefined;
  /** Share of pairs of nodes that can never open a link. */
  unlinkableShare = 0;
  readonly #topology: Topology;
  readonly #rng: Rng;
  readonly #pairSalt: number;
  readonly #groupById = new Map<NodeId, number>();

  constructor(topology: Topology, rng: Rng) {
    this.#topology = topology;
    this.#rng = rng;
    this.#pairSalt = rng.uint32();
  }

  /** One-way delay without chance, milliseconds. */
  baseDelayMs(a: Host, b: Host): number {
    return this.#topology.delayMs(a.place, b.place);
  }

  /** How long one message takes from a to b, milliseconds; undefined if it is lost. */
  travelMs(a: Host, b: Host): number | undefined {
    let delay = this.#topology.delayMs(a.place, b.place);
    if (this.jitter > 0) delay *= 1 + this.jitter * this.#rng.float();
    if (!this.#rng.chance(this.lossRate)) return delay;
    if (this.lossEffect === 'drop') return undefined;
    let timeout = RETRANSMISSION_MS;
    for (let losses = 0; losses < MAX_RETRANSMISSIONS; losses += 1) {
      delay += timeout;
      timeout *= 2;
      if (!this.#rng.chance(this.lossRate)) break;
    }
    return delay;
  }

  /** Cuts the network in two or more: nodes of different groups do not hear each other. Absent nodes are in group 0. */
  partition(groupById: ReadonlyMap<NodeId, number>): void {
    this.#groupById.clear();
    for (const [id, group] of groupById) this.#groupById.set(id, group);
  }

  healPartition(): void {
    this.#groupById.clear();
  }

  get isPartitioned(): boolean {
    return this.#groupById.size > 0;
  }

  groupOf(id: NodeId): number {
    return this.#groupById.get(id) ?? 0;
  }

  /** Puts a newcomer where `id` is. */
  setGroup(id: NodeId, group: number): void {
    if (this.isPartitioned) this.#groupById.set(id, group);
  }

  isCut(a: NodeId, b: NodeId): boolean {
    return this.#groupById.size > 0 && this.groupOf(a) !== this.groupOf(b);
  }

  /** False for a pair whose routers let no path through: the same answer for ever, both ways, whoever asks. */
  canLink(a: NodeId, b: NodeId): boolean {
    if (this.unlinkableShare <= 0) return true;
    const draw = mix(hash(a < b ? a + b : b + a) ^ this.#pairSalt) / 0x1_0000_0000;
    return draw >= this.unlinkableShare;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
