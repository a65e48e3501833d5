// What a node knows of each peer it talks to: the link, when it was last heard, its round-trip time, its suspicion.

import type { Instant } from '../../io.ts';
import type { NodeId } from '../id.ts';
import type { Coordinate, Hearsay, NodeHandle } from '../node-handle.ts';
import { isPlaced, predictedRtt } from '../proximity/vivaldi.ts';
import { Carriage } from '../reachability/carriage.ts';
import type { Timing } from '../timing.ts';

/** Weights of a new sample in the smoothed round-trip time and its variation (RFC 6298, section 2). */
const RTT_GAIN = 1 / 8;
const VARIATION_GAIN = 1 / 4;

/** Stands for an unknown distance: farther than any node. */
export const FAR_MS = 1e6;
/** A first sample says little of its variation; RFC 6298 takes half, but here a spurious timeout costs only a detour. */
const FIRST_VARIATION = 1 / 8;

/** Records of peers: tables hold some hundred nodes, and links, with what is opening, a hundred more. */
const MAX_PEERS = 4_096;

export interface Peer {
  readonly nodeId: NodeId;
  /** As it last described itself; undefined until it did. */
  handle: NodeHandle | undefined;
  link: 'none' | 'opening' | 'open';
  /** How messages get to it where no link reaches it. */
  readonly carriage: Carriage;
  lastHeard: Instant;
  /** Missed an answer, and is being probed: routed around, but not yet believed dead. */
  suspect: boolean;
  /** Smoothed round-trip time and its variation, milliseconds. */
  rttMs: number | undefined;
  rttVariationMs: number;
}

export class Peers {
  readonly #peerById = new Map<NodeId, Peer>();

  get(nodeId: NodeId): Peer | undefined {
    return this.#peerById.get(nodeId);
  }

  /** The record of a peer, made if there is none. */
  of(nodeId: NodeId): Peer {
    let peer = this.#peerById.get(nodeId);
    if (peer === undefined) {
      peer = {
        nodeId,
        handle: undefined,
        link: 'none',
        carriage: new Carriage(),
        lastHeard: Number.NEGATIVE_INFINITY,
        suspect: false,
        rttMs: undefined,
        rttVariationMs: 0,
      };
      this.#peerById.set(nodeId, peer);
      if (this.#peerById.size > MAX_PEERS) this.#forgetOldest(nodeId);
    }
    return peer;
  }

  /** Of one of whom nothing but its name is known, and with whom nothing is under way. */
  #forgetOldest(newest: NodeId): void {
    for (const { nodeId, handle, link, suspect, carriage } of this.#peerById.values()) {
      const isIdle = link === 'none' && !suspect && carriage.hands.length === 0;
      if (handle !== undefined || !isIdle || nodeId === newest) continue;
      this.#peerById.delete(nodeId);
      return;
    }
  }

  all(): Iterable<Peer> {
    return this.#peerById.values();
  }

  get size(): number {
    return this.#peerById.size;
  }

  forget(nodeId: NodeId): void {
    this.#peerById.delete(nodeId);
  }

  isSuspect(nodeId: NodeId): boolean {
    return this.#peerById.get(nodeId)?.suspect === true;
  }

  isOpen(nodeId: NodeId): boolean {
    return this.#peerById.get(nodeId)?.link === 'open';
  }

  /** True if a message to this peer leaves at once, over a link or through a carrier. */
  isReachable(nodeId: NodeId): boolean {
    const peer = this.#peerById.get(nodeId);
    return peer !== undefined && (peer.link === 'open' || peer.carriage.hands.length > 0);
  }
}

/** Takes a measured round trip into account. */
export function addRttSample(peer: Peer, sampleMs: number): void {
  if (peer.rttMs === undefined) {
    peer.rttMs = sampleMs;
    peer.rttVariationMs = sampleMs * FIRST_VARIATION;
    return;
  }
  peer.rttVariationMs += VARIATION_GAIN * (Math.abs(peer.rttMs - sampleMs) - peer.rttVariationMs);
  peer.rttMs += RTT_GAIN * (sampleMs - peer.rttMs);
}

/** How long to wait for this peer's acknowledgement, milliseconds. `own` predicts the round trip until one is measured. */
export function ackTimeout(peer: Peer, timing: Timing, own: Coordinate): number {
  const predicted = peer.handle === undefined ? undefined : proximity(own, peer.handle, peer);
  if (predicted === undefined) return timing.ackTimeoutInitialMs;
  const variation = peer.rttMs === undefined ? predicted * FIRST_VARIATION : peer.rttVariationMs;
  const timeout = predicted + 4 * variation;
  return Math.min(timing.ackTimeoutMaxMs, Math.max(timing.ackTimeoutMinMs, timeout));
}

/** The measured, else the predicted round-trip time to a node; undefined if neither is known. */
export function proximity(own: Coordinate, handle: Hearsay, peer: Peer | undefined): number | undefined {
  if (peer?.rttMs !== undefined) return peer.rttMs;
  return isPlaced(own) && isPlaced(handle.coordinate) ? predictedRtt(own, handle.coordinate) : undefined;
}
