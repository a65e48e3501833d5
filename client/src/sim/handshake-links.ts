// Links as WebRTC gives them: slow to open, ordered and reliable while open, and slow to be seen dead (docs/links.md).
// Losing a message delays it; a partition holds messages back until it heals or the link is given up.

import type { LinkFailureReason } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Conditions } from './conditions.ts';
import type { Host } from './host.ts';
import type { LinkModel, Network } from './network.ts';
import type { Rng } from './rng.ts';

/** Offer, answer, connectivity checks, DTLS and SCTP: round trips from the wish to the open channel. */
const SETUP_ROUND_TRIPS = 5;
/** What the two ends compute meanwhile; on one machine a link takes 60 to 100 ms. */
const SETUP_COMPUTING_MS = 60;
/** Beyond this a link that does not come is given up. */
const CONNECT_TIMEOUT_MS = 12_000;
/** How soon a link that cannot open now is tried again by ICE. */
const CONNECT_RETRY_MS = 1_000;
/** The signalling's answer that nobody has an id. */
const NO_SUCH_PEER_MS = 100;
/** ICE gives up a silent peer after 15.1 to 15.7 s; a closed page is noticed after 0.02 to 0.16 s. */
const LOST_MIN_MS = 15_100;
const LOST_MAX_MS = 15_700;
const CLOSED_MIN_MS = 20;
const CLOSED_MAX_MS = 160;
/** Messages that wait for a link to open; the driver's bound. */
const MAX_QUEUED = 256;

interface End {
  readonly host: Host;
  readonly peer: NodeId;
  readonly link: Link;
  /** Between link-up and link-down. */
  isUp: boolean;
  /** This end's node asked for the link, and must hear if it fails. */
  isWanted: boolean;
  /** When the last message to this end arrives: no later one may overtake it. */
  lastArrival: number;
  /** What this end sends once it can. */
  readonly queue: Message[];
}

interface Link {
  /** The end that asked first, and the other unless nobody answers to the id. */
  readonly ends: End[];
  isClosed: boolean;
}

export class HandshakeLinks implements LinkModel {
  readonly #network: Network;
  readonly #conditions: Conditions;
  readonly #rng: Rng;
  /** Says whether the signalling still knows an id: a node just crashed is unreachable, not unknown. */
  readonly #isRegistered: (id: NodeId) => boolean;
  readonly #endsByHost = new Map<Host, Map<NodeId, End>>();

  constructor(network: Network, conditions: Conditions, rng: Rng, isRegistered: (id: NodeId) => boolean) {
    this.#network = network;
    this.#conditions = conditions;
    this.#rng = rng;
    this.#isRegistered = isRegistered;
  }

  connect(host: Host, peer: NodeId): void {
    const existing = this.#endsOf(host).get(peer);
    if (existing !== undefined) {
      existing.isWanted = true;
      // Opened from the other side in the meantime: the answer that the core waits for.
      if (existing.isUp) this.#network.schedule.after(0, () => this.#network.deliver(host, { type: 'link-up', peer }));
      return;
    }
    const target = this.#network.hostOf(peer);
    const link: Link = { ends: [], isClosed: false };
    this.#endsOf(host).set(peer, addEnd(link, host, peer, true));
    this.#network.inFlight += 1;
    if (target === undefined) {
      const isKnown = this.#isRegistered(peer);
      const waitMs = isKnown ? CONNECT_TIMEOUT_MS : NO_SUCH_PEER_MS;
      this.#network.schedule.after(waitMs, () => this.#fail(link, isKnown ? 'no-answer' : 'no-such-peer'));
      return;
    }
    this.#network.introduce(host, target);
    // An end left from the target's link to a former life stays until the new link is up.
    const far = addEnd(link, target, host.nodeId, false);
    const targetEnds = this.#endsOf(target);
    if (!targetEnds.has(host.nodeId)) targetEnds.set(host.nodeId, far);
    const roundTripMs = 2 * this.#conditions.baseDelayMs(host, target);
    const waitMs =
      SETUP_COMPUTING_MS + SETUP_ROUND_TRIPS * roundTripMs * this.#rng.between(1, 1 + this.#conditions.jitter);
    const deadline = this.#network.now + CONNECT_TIMEOUT_MS;
    this.#network.schedule.after(waitMs, () => this.#tryOpen(link, deadline));
  }

  disconnect(host: Host, peer: NodeId, reason: 'goodbye' | 'budget'): void {
    const end = this.#endsOf(host).get(peer);
    if (end === undefined) return;
    const far = otherEnd(end);
    const wasUp = end.isUp;
    this.#remove(end);
    if (far === undefined) return;
    if (!wasUp) {
      this.#remove(far);
      if (far.isWanted)
        this.#network.deliver(far.host, { type: 'link-failed', peer: host.nodeId, reason: 'no-answer' });
      return;
    }
    if (this.#conditions.isCut(host.nodeId, peer)) this.#loseLater(far, LOST_MIN_MS, LOST_MAX_MS);
    else this.#network.schedule.at(this.#arrival(end, far), () => this.#lose(far, reason));
  }

  send(host: Host, to: NodeId, message: Message): void {
    if (host.state === 'down') return;
    if (!this.#endsOf(host).has(to)) this.connect(host, to);
    const end = this.#endsOf(host).get(to);
    if (end === undefined) return;
    if (end.isUp && !this.#conditions.isCut(host.nodeId, to)) this.#transmit(end, message);
    else {
      end.queue.push(message);
      if (end.queue.length > MAX_QUEUED) end.queue.shift();
    }
  }

  isOpen(host: Host, peer: NodeId): boolean {
    return this.#endsByHost.get(host)?.get(peer)?.isUp === true && !this.#conditions.isCut(host.nodeId, peer);
  }

  wentDown(host: Host, how: 'silent' | 'closed'): void {
    const ends = [...this.#endsOf(host).values()];
    this.#endsByHost.delete(host);
    for (const end of ends) {
      const far = otherEnd(end);
      if (end.isUp && far !== undefined) {
        if (how === 'closed') this.#loseLater(far, CLOSED_MIN_MS, CLOSED_MAX_MS);
        else this.#loseLater(far, LOST_MIN_MS, LOST_MAX_MS);
      }
      end.isUp = false;
    }
  }

  froze(host: Host): void {
    const { inbox } = host;
    this.#network.schedule.after(LOST_MAX_MS, () => {
      // Thawed in time, or frozen anew: then another of these watches.
      if (host.inbox !== inbox) return;
      for (const end of [...this.#endsOf(host).values()]) this.#loseBoth(end);
    });
  }

  conditionsChanged(): void {
    for (const ends of [...this.#endsByHost.values()]) {
      for (const end of [...ends.values()]) {
        if (!end.isUp) continue;
        if (!this.#conditions.isCut(end.host.nodeId, end.peer)) this.#flush(end);
        else {
          this.#network.schedule.after(LOST_MAX_MS, () => {
            if (end.isUp && this.#conditions.isCut(end.host.nodeId, end.peer)) this.#loseBoth(end);
          });
        }
      }
    }
  }

  #tryOpen(link: Link, deadline: number): void {
    const [near, far] = link.ends;
    if (link.isClosed || near === undefined || far === undefined) {
      this.#network.inFlight -= 1;
      return;
    }
    const isOpenable =
      near.host.state === 'up' &&
      far.host.state === 'up' &&
      !this.#conditions.isCut(far.peer, near.peer) &&
      this.#conditions.canLink(far.peer, near.peer);
    if (isOpenable) this.#open(near, far);
    else if (this.#network.now >= deadline) {
      const isThere = near.host.state === 'up' && far.host.state === 'up';
      this.#fail(link, isThere ? 'unreachable' : 'no-answer');
    } else {
      const retryAt = Math.min(deadline, this.#network.now + CONNECT_RETRY_MS);
      this.#network.schedule.at(retryAt, () => this.#tryOpen(link, deadline));
    }
  }

  #open(near: End, far: End): void {
    this.#network.inFlight -= 1;
    for (const end of [far, near]) {
      const stale = this.#endsOf(end.host).get(end.peer);
      // In its place before the node hears of the loss, or it would ask for a third link, which would replace this one.
      this.#endsOf(end.host).set(end.peer, end);
      end.isUp = true;
      if (stale !== undefined && stale !== end) {
        end.isWanted ||= stale.isWanted;
        end.queue.push(...stale.queue.splice(0));
        stale.link.isClosed = true;
        const abandoned = stale.isUp ? otherEnd(stale) : undefined;
        // Another life of the same id still believes in the old link.
        if (abandoned !== undefined) this.#loseLater(abandoned, LOST_MIN_MS, LOST_MAX_MS);
        if (stale.isUp) this.#lose(stale, 'lost');
      }
    }
    this.#flush(far);
    this.#flush(near);
    this.#network.deliver(far.host, { type: 'link-up', peer: far.peer });
    if (near.isUp) this.#network.deliver(near.host, { type: 'link-up', peer: near.peer });
  }

  #fail(link: Link, reason: LinkFailureReason): void {
    this.#network.inFlight -= 1;
    if (link.isClosed) return;
    for (const end of link.ends) {
      this.#remove(end);
      if (end.isWanted) this.#network.deliver(end.host, { type: 'link-failed', peer: end.peer, reason });
      else if (reason === 'unreachable') this.#network.deliver(end.host, { type: 'no-path', peer: end.peer });
    }
  }

  #transmit(end: End, message: Message): void {
    const far = otherEnd(end);
    if (far === undefined) return;
    const travelMs = this.#conditions.travelMs(end.host, far.host);
    if (travelMs === undefined) return;
    far.lastArrival = Math.max(far.lastArrival, this.#network.now + travelMs);
    this.#network.inFlight += 1;
    this.#network.schedule.at(far.lastArrival, () => {
      this.#network.inFlight -= 1;
      if (far.isUp) this.#network.arrive(far.host, end.host, message);
    });
  }

  #flush(end: End): void {
    for (const message of end.queue.splice(0)) this.#transmit(end, message);
  }

  /** When what leaves now arrives, behind all that left before. */
  #arrival(end: End, far: End): number {
    return Math.max(far.lastArrival, this.#network.now + this.#conditions.baseDelayMs(end.host, far.host));
  }

  #loseLater(end: End, minMs: number, maxMs: number): void {
    this.#network.schedule.after(this.#rng.between(minMs, maxMs), () => this.#lose(end, 'lost'));
  }

  #loseBoth(end: End): void {
    const far = otherEnd(end);
    this.#lose(end, 'lost');
    if (far !== undefined) this.#lose(far, 'lost');
  }

  /** Ends an open end and tells its node. */
  #lose(end: End, reason: 'goodbye' | 'budget' | 'lost'): void {
    if (!end.isUp) return;
    this.#remove(end);
    this.#network.deliver(end.host, { type: 'link-down', peer: end.peer, reason });
  }

  #remove(end: End): void {
    end.isUp = false;
    end.link.isClosed = true;
    const ends = this.#endsByHost.get(end.host);
    if (ends?.get(end.peer) === end) ends.delete(end.peer);
  }

  #endsOf(host: Host): Map<NodeId, End> {
    let ends = this.#endsByHost.get(host);
    if (ends === undefined) {
      ends = new Map();
      if (host.state !== 'down') this.#endsByHost.set(host, ends);
    }
    return ends;
  }
}

function addEnd(link: Link, host: Host, peer: NodeId, isWanted: boolean): End {
  const end = { host, peer, link, isUp: false, isWanted, lastArrival: 0, queue: [] };
  link.ends.push(end);
  return end;
}

function otherEnd(end: End): End | undefined {
  return end.link.ends[0] === end ? end.link.ends[1] : end.link.ends[0];
}
