// All links of one node: a LinkLayer (peer/ports.ts) over WebRTC. Decides which attempt at a link counts when both ends
// try, when one was reloaded and when signals come late; the links themselves are WebRtcLinks.

import type { NodeId } from '../core/pastry/id.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer } from '../peer/ports.ts';
import { MAX_REMEMBERED_ATTEMPTS } from './limits.ts';
import { judgeOffer } from './offer-verdict.ts';
import { decodeSignal, encodeSignal, type Signal } from './signal.ts';
import type { Signalling } from './signalling.ts';
import { type Connect, connectWebRtc, type IceServer, type WebRtcImplementation } from './webrtc-connection.ts';
import { WebRtcLink, type WebRtcLinkEvents } from './webrtc-link.ts';

export interface WebRtcLinksOptions {
  readonly self: NodeId;
  readonly signalling: Signalling;
  /** All STUN and TURN servers there are: none is assumed. */
  readonly iceServers: readonly IceServer[];
  /** Default: the browser's own WebRTC. */
  readonly webRtc?: WebRtcImplementation | undefined;
  /** Default: simple-peer. Tests give another. */
  readonly connect?: Connect;
  /** A new random attempt id of 16 hex characters. Default: from crypto.getRandomValues. */
  readonly newAttempt?: () => string;
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

export type LinkCounter =
  | 'connectionsCreated'
  | 'signalsMalformed'
  | 'signalsStale'
  | 'signalsUnsent'
  | 'offersRefused'
  | 'glare'
  | 'linksReplaced'
  | 'linksTooSlow';

export class WebRtcLinks implements LinkLayer {
  readonly #options: WebRtcLinksOptions;
  readonly #slotByPeer = new Map<NodeId, Slot>();
  /** Told to close, and still sending the last of what they had. */
  readonly #closing = new Set<WebRtcLink>();
  /** Oldest first. */
  readonly #seenAttempts = new Set<string>();
  readonly #counters: Record<LinkCounter, number> = {
    connectionsCreated: 0,
    signalsMalformed: 0,
    signalsStale: 0,
    signalsUnsent: 0,
    offersRefused: 0,
    glare: 0,
    linksReplaced: 0,
    linksTooSlow: 0,
  };
  #events: LinkEvents | undefined;

  constructor(options: WebRtcLinksOptions) {
    this.#options = options;
  }

  get counters(): Readonly<Record<LinkCounter, number>> {
    return this.#counters;
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#options.signalling.listen((from, text) => this.#signalArrived(from, text));
  }

  connect(peer: NodeId): void {
    if (peer === this.#options.self) throw new Error('a node has no link to itself');
    const slot = this.#slotByPeer.get(peer);
    if (slot?.open !== undefined) return;
    if (slot?.opening !== undefined) slot.wanted = true;
    else this.#start(peer, this.#newAttempt(), true);
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
      slot.opening.abort();
      this.#abandon(peer, slot.opening.attempt, 'closed');
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

  links(): readonly LinkInfo[] {
    return Array.from(this.#slotByPeer, ([nodeId, { open }]) => ({
      nodeId,
      state: open === undefined ? ('connecting' as const) : ('open' as const),
    }));
  }

  #start(peer: NodeId, attempt: string, wanted: boolean, offer?: Offer): void {
    const { connect = connectWebRtc, iceServers, webRtc } = this.#options;
    this.#remember(attempt);
    const slot = this.#slotByPeer.get(peer) ?? { open: undefined, opening: undefined, wanted };
    this.#slotByPeer.set(peer, slot);
    slot.wanted = wanted;
    this.#counters.connectionsCreated += 1;
    const link: WebRtcLink = new WebRtcLink(
      {
        attempt,
        initiator: offer === undefined,
        connect,
        iceServers,
        webRtc,
        signal: (signal) => this.#signal(peer, signal),
      },
      this.#linkEvents(peer, slot, () => link),
    );
    slot.opening = link;
    if (offer !== undefined) link.describe(offer);
  }

  #linkEvents(peer: NodeId, slot: Slot, link: () => WebRtcLink): WebRtcLinkEvents {
    return {
      open: () => {
        const old = slot.open;
        slot.open = link();
        slot.opening = undefined;
        slot.wanted = false;
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

  #signalArrived(from: NodeId, text: string): void {
    const signal = decodeSignal(text);
    if (signal === undefined || from === this.#options.self) this.#counters.signalsMalformed += 1;
    else if (signal.type === 'offer') this.#offerArrived(from, signal);
    else if (!this.#takeSignal(from, signal)) this.#counters.signalsStale += 1;
  }

  /** False if the signal belongs to nothing that there is, or cannot be used. */
  #takeSignal(from: NodeId, signal: Exclude<Signal, Offer>): boolean {
    const slot = this.#slotByPeer.get(from);
    const opening = slot?.opening?.attempt === signal.attempt ? slot.opening : undefined;
    switch (signal.type) {
      case 'answer':
        // Whoever answers what is no longer wanted should not wait for it.
        if (opening === undefined && slot?.open?.attempt !== signal.attempt) {
          this.#abandon(from, signal.attempt, 'closed');
        }
        return opening?.describe(signal) ?? false;
      case 'candidates': {
        // Some come after the link is open: better paths.
        const link = opening ?? (slot?.open?.attempt === signal.attempt ? slot.open : undefined);
        return link?.addCandidates(signal.candidates) ?? false;
      }
      case 'abandon':
        opening?.abandoned(signal.reason);
        return opening !== undefined;
    }
  }

  #offerArrived(from: NodeId, offer: Offer): void {
    const slot = this.#slotByPeer.get(from);
    const verdict = judgeOffer(this.#options.self, from, {
      opening: slot?.opening,
      pendingIncoming: this.#pendingIncoming(),
      seen: this.#seenAttempts.has(offer.attempt),
    });
    switch (verdict) {
      case 'answer':
        this.#start(from, offer.attempt, false, offer);
        return;
      case 'yield':
        if (slot?.opening?.initiator === true) this.#counters.glare += 1;
        slot?.opening?.abort();
        this.#start(from, offer.attempt, slot?.wanted ?? false, offer);
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
        this.#abandon(from, offer.attempt, 'busy');
        return;
    }
  }

  #pendingIncoming(): number {
    let count = 0;
    for (const { opening } of this.#slotByPeer.values()) if (opening?.initiator === false) count += 1;
    return count;
  }

  #abandon(peer: NodeId, attempt: string, reason: 'busy' | 'closed'): void {
    // Only a courtesy: without it the other end notices by its own timer. The failure is counted in #signal.
    this.#signal(peer, { type: 'abandon', attempt, reason }).catch(() => undefined);
  }

  async #signal(peer: NodeId, signal: Signal): Promise<void> {
    try {
      await this.#options.signalling.send(peer, encodeSignal(signal));
    } catch (error) {
      this.#counters.signalsUnsent += 1;
      throw error;
    }
  }

  #remember(attempt: string): void {
    this.#seenAttempts.add(attempt);
    for (const oldest of this.#seenAttempts) {
      if (this.#seenAttempts.size <= MAX_REMEMBERED_ATTEMPTS) break;
      this.#seenAttempts.delete(oldest);
    }
  }

  #newAttempt(): string {
    return (this.#options.newAttempt ?? randomAttempt)();
  }
}

function randomAttempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
