// All links of one node: a LinkLayer (peer/ports.ts) over WebRTC. Decides which attempt at a link counts when both ends
// try, when one was reloaded and when signals come late; the links themselves are WebRtcLinks.

import type { NodeId } from '../core/pastry/id.ts';
import { NOT_HERE } from '../core/pastry/signals.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer, SignalWay } from '../peer/ports.ts';
import { randomAttempt, SeenAttempts } from './attempts.ts';
import { judgeOffer } from './offer-verdict.ts';
import { type AbandonReason, decodeSignal, encodeSignal, type Signal } from './signal.ts';
import type { Signalling } from './signalling.ts';
import {
  type Connect,
  connectionsNotFreed,
  connectWebRtc,
  type IceServer,
  type WebRtcImplementation,
} from './webrtc-connection.ts';
import { WebRtcLink, type WebRtcLinkEvents } from './webrtc-link.ts';

export interface WebRtcLinksOptions {
  readonly self: NodeId;
  /** The Discovery node's relay. The ring beside it is the driver's (LinkEvents.carry). */
  readonly signalling: Signalling;
  /** All STUN and TURN servers there are now, asked for each link: none is assumed, and their passwords change. */
  readonly iceServers: () => readonly IceServer[];
  /** Default: the browser's own WebRTC. */
  readonly webRtc?: WebRtcImplementation | undefined;
  /** Default: simple-peer. Tests give another. */
  readonly connect?: Connect;
  /** A new random attempt id of 16 hex characters. Default: from crypto.getRandomValues. */
  readonly newAttempt?: () => string;
  /** Milliseconds on a clock that only moves forward. Default: performance.now(). */
  readonly now?: () => number;
}

/** What there is between this node and one other. */
interface Slot {
  open: WebRtcLink | undefined;
  /** Beside an open link: what will replace it, because the other end seems to have been reloaded. */
  opening: WebRtcLink | undefined;
  /** This node asked for the link: its failure is to be told. */
  wanted: boolean;
}

type Offer = Extract<Signal, { type: 'offer' }>;

const COUNTERS = {
  connectionsCreated: 0,
  linksByDiscovery: 0,
  linksByRing: 0,
  signalsByDiscovery: 0,
  signalsByRing: 0,
  /** The ring did not bring an offer to its target in time. */
  ringFallbacks: 0,
  signalsMalformed: 0,
  signalsStale: 0,
  signalsUnsent: 0,
  offersRefused: 0,
  glare: 0,
  linksReplaced: 0,
  linksTooSlow: 0,
};

export class WebRtcLinks implements LinkLayer {
  readonly #options: WebRtcLinksOptions;
  readonly #slotByPeer = new Map<NodeId, Slot>();
  /** Told to close, and still sending the last of what they had. */
  readonly #closing = new Set<WebRtcLink>();
  readonly #seenAttempts = new SeenAttempts();
  readonly #counters = { ...COUNTERS };
  #events: LinkEvents | undefined;

  constructor(options: WebRtcLinksOptions) {
    this.#options = options;
  }

  get counters(): Readonly<Record<keyof typeof COUNTERS | 'connectionsNotFreed', number>> {
    return { ...this.#counters, connectionsNotFreed: connectionsNotFreed() };
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#options.signalling.listen((from, text) => this.#signalArrived(from, text, 'discovery'));
  }

  signalled(from: NodeId, data: string): void {
    if (data === NOT_HERE) this.#slotByPeer.get(from)?.opening?.notInRing();
    else this.#signalArrived(from, data, 'ring');
  }

  connect(peer: NodeId): void {
    if (peer === this.#options.self) throw new Error('a node has no link to itself');
    const slot = this.#slotByPeer.get(peer);
    if (slot?.open !== undefined) return;
    if (slot?.opening !== undefined) slot.wanted = true;
    else this.#start(peer, (this.#options.newAttempt ?? randomAttempt)(), true);
  }

  send(peer: NodeId, frame: Uint8Array): void {
    this.#slotByPeer.get(peer)?.open?.send(frame);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#slotByPeer.get(peer)?.open?.bufferedBytes ?? 0;
  }

  close(peer: NodeId, reason: LinkCloseReason): void {
    const slot = this.#slotByPeer.get(peer);
    if (slot === undefined) return;
    this.#slotByPeer.delete(peer);
    if (slot.opening !== undefined) {
      const { attempt, way } = slot.opening;
      slot.opening.abort();
      this.#abandon(peer, attempt, reason, way);
    }
    const { open } = slot;
    if (open === undefined) return;
    this.#closing.add(open);
    open.close(reason, () => this.#closing.delete(open));
  }

  closeAll(): void {
    for (const { open, opening } of this.#slotByPeer.values()) {
      open?.abort('goodbye');
      opening?.abort();
    }
    for (const link of this.#closing) link.abort();
    this.#slotByPeer.clear();
  }

  check(): void {
    for (const { open } of this.#slotByPeer.values()) open?.check();
  }

  links(): readonly LinkInfo[] {
    return Array.from(this.#slotByPeer, ([nodeId, { open }]) =>
      open === undefined ? { nodeId, state: 'connecting' as const } : { nodeId, state: 'open' as const, ...open.info },
    );
  }

  get linkCount(): number {
    return this.#slotByPeer.size;
  }

  #start(
    peer: NodeId,
    attempt: string,
    wanted: boolean,
    heard?: { readonly offer: Offer; readonly way: SignalWay },
  ): void {
    const { connect = connectWebRtc, iceServers, webRtc, signalling, now = () => performance.now() } = this.#options;
    this.#seenAttempts.add(attempt);
    const slot = this.#slotByPeer.get(peer) ?? { open: undefined, opening: undefined, wanted };
    this.#slotByPeer.set(peer, slot);
    slot.wanted = wanted;
    this.#counters.connectionsCreated += 1;
    const link: WebRtcLink = new WebRtcLink(
      {
        ...{ attempt, connect, webRtc, now },
        initiator: heard === undefined,
        isJoining: this.#events?.isJoining() === true,
        iceServers: iceServers(),
        post: {
          peer,
          discovery: signalling,
          ring: (to, text) => this.#events?.carry(to, text) ?? false,
          way: heard?.way,
          count: (cause) => {
            this.#counters[cause] += 1;
          },
        },
      },
      this.#linkEvents(peer, slot, () => link),
    );
    slot.opening = link;
    if (heard !== undefined) link.hear(heard.offer, heard.way);
  }

  #linkEvents(peer: NodeId, slot: Slot, link: () => WebRtcLink): WebRtcLinkEvents {
    return {
      open: () => {
        const old = slot.open;
        slot.open = link();
        slot.opening = undefined;
        slot.wanted = false;
        this.#counters[slot.open.way === 'ring' ? 'linksByRing' : 'linksByDiscovery'] += 1;
        if (old !== undefined) {
          this.#counters.linksReplaced += 1;
          old.abort();
          this.#events?.down(peer, 'lost');
        }
        this.#events?.up(peer);
      },
      frame: (bytes) => this.#events?.frame(peer, bytes),
      drained: () => this.#events?.drained(peer),
      failed: (failure) => {
        const { wanted } = slot;
        slot.opening = undefined;
        slot.wanted = false;
        this.#dropIfEmpty(peer, slot);
        if (wanted) this.#events?.failed(peer, failure);
        else if (slot.open === undefined) this.#events?.answerFailed(peer, failure);
      },
      down: (reason) => {
        slot.open = undefined;
        this.#dropIfEmpty(peer, slot);
        if (reason === 'too-slow') this.#counters.linksTooSlow += 1;
        this.#events?.down(peer, reason === 'too-slow' ? 'lost' : reason);
      },
      garbage: () => this.#events?.garbage(peer),
    };
  }

  #dropIfEmpty(peer: NodeId, slot: Slot): void {
    const isEmpty = slot.open === undefined && slot.opening === undefined;
    if (isEmpty && this.#slotByPeer.get(peer) === slot) this.#slotByPeer.delete(peer);
  }

  #signalArrived(from: NodeId, text: string, way: SignalWay): void {
    const signal = decodeSignal(text);
    if (signal === undefined || from === this.#options.self) this.#counters.signalsMalformed += 1;
    else if (signal.type === 'offer') this.#offerArrived(from, signal, way);
    else if (!this.#takeSignal(from, signal, way)) this.#counters.signalsStale += 1;
  }

  /** False if the signal belongs to nothing that there is, or cannot be used. */
  #takeSignal(from: NodeId, signal: Exclude<Signal, Offer>, way: SignalWay): boolean {
    const link = this.#linkOf(from, signal.attempt);
    if (signal.type === 'answer') {
      // Whoever answers what is no longer wanted should not wait for it.
      if (link === undefined) this.#abandon(from, signal.attempt, 'closed', way);
      return link?.hear(signal, way) ?? false;
    }
    if (link === undefined || link !== this.#slotByPeer.get(from)?.opening) return false;
    link.abandoned(signal.reason);
    return true;
  }

  #linkOf(peer: NodeId, attempt: string): WebRtcLink | undefined {
    const slot = this.#slotByPeer.get(peer);
    if (slot?.opening?.attempt === attempt) return slot.opening;
    return slot?.open?.attempt === attempt ? slot.open : undefined;
  }

  #offerArrived(from: NodeId, offer: Offer, way: SignalWay): void {
    const known = this.#linkOf(from, offer.attempt);
    if (known !== undefined) return known.hearAgain(offer, way);
    const slot = this.#slotByPeer.get(from);
    const verdict = judgeOffer(this.#options.self, from, {
      opening: slot?.opening,
      pendingIncoming: this.#pendingIncoming(),
      mayHaveMore: () => slot?.open !== undefined || this.#events?.mayAnswer(from, offer.joining === true) !== false,
      seen: this.#seenAttempts.has(offer.attempt),
    });
    switch (verdict) {
      case 'answer':
        this.#start(from, offer.attempt, false, { offer, way });
        return;
      case 'yield':
        if (slot?.opening?.initiator === true) this.#counters.glare += 1;
        slot?.opening?.abort();
        this.#start(from, offer.attempt, slot?.wanted ?? false, { offer, way });
        return;
      case 'hold':
        this.#counters.glare += 1;
        slot?.opening?.repeatSignals();
        return;
      case 'ignore':
        this.#counters.signalsStale += 1;
        return;
      case 'refuse':
        this.#counters.offersRefused += 1;
        this.#abandon(from, offer.attempt, 'busy', way);
        return;
    }
  }

  #pendingIncoming(): number {
    let count = 0;
    for (const { opening } of this.#slotByPeer.values()) if (opening?.initiator === false) count += 1;
    return count;
  }

  /** Only a courtesy: without it the other end notices by its own timer. */
  #abandon(peer: NodeId, attempt: string, reason: AbandonReason, way: SignalWay): void {
    const text = encodeSignal({ type: 'abandon', attempt, reason });
    if (way === 'ring' && this.#events?.carry(peer, text) === true) {
      this.#counters.signalsByRing += 1;
      return;
    }
    this.#options.signalling.send(peer, text).then(
      () => {
        this.#counters.signalsByDiscovery += 1;
      },
      () => {
        this.#counters.signalsUnsent += 1;
      },
    );
  }
}
