// All links of one node: a LinkLayer (peer/ports.ts) over WebRTC. Decides which attempt at a link counts when both ends
// try, when one was reloaded and when signals come late; the links themselves are WebRtcLinks, and nobody is heard
// before he has proved who he is (arriving-signals.ts).

import type { NodeId } from '../core/pastry/id.ts';
import { NOT_HERE } from '../core/pastry/reachability/signals.ts';
import type { LinkCloseReason, LinkEvents, LinkFailure, LinkInfo, LinkLayer, SignalWay } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';
import { ArrivingSignals } from './arriving-signals.ts';
import { AttemptBudget } from './attempt-budget.ts';
import { randomAttempt, SeenAttempts } from './attempts.ts';
import { KnownCertificates } from './known-certificates.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import { LinkCall } from './link-call.ts';
import { LINK_COUNTERS, type LinkCounter } from './link-counters.ts';
import { LinkSlots, type Slot } from './link-slots.ts';
import { judgeCall, judgeOffer, type Verdict } from './offer-verdict.ts';
import { OutgoingSignals } from './outgoing-signals.ts';
import type { Call, Doubt, Offer, Signal } from './signal.ts';
import { SignalProofs } from './signal-proofs.ts';
import { connectionsNotFreed, connectWebRtc } from './webrtc-connection.ts';
import { WebRtcLink, type WebRtcLinkEvents } from './webrtc-link.ts';
import type { WebRtcLinksOptions } from './webrtc-links-options.ts';

/** An attempt of the other end's, and who made it. */
type Theirs = (Offer | Call) & { readonly certificate: Certificate; readonly way: SignalWay };

export class WebRtcLinks implements LinkLayer {
  readonly #options: WebRtcLinksOptions;
  readonly #now: () => number;
  readonly #slots = new LinkSlots();
  readonly #seenAttempts = new SeenAttempts();
  readonly #known = new KnownCertificates();
  readonly #budget: AttemptBudget;
  readonly #outgoing: OutgoingSignals;
  readonly #arriving: ArrivingSignals;
  readonly #counters = { ...LINK_COUNTERS };
  #events: LinkEvents | undefined;

  constructor(options: WebRtcLinksOptions) {
    const { self, credentials, signalling, now = () => performance.now() } = options;
    if (credentials.nodeId !== self) throw new Error(`credentials of ${credentials.nodeId} are none of ${self}`);
    this.#options = options;
    this.#now = now;
    this.#budget = new AttemptBudget(now);
    const proofs = new SignalProofs(credentials, now);
    const count = (what: LinkCounter): void => this.#count(what);
    this.#outgoing = new OutgoingSignals({
      ...{ proofs, count, discovery: signalling },
      ring: (to, text) => this.#events?.carry(to, text) ?? false,
    });
    this.#arriving = new ArrivingSignals({
      ...{ self, proofs, count, now },
      proved: (from, signal, way) => this.#proved(from, signal, way),
      doubted: (from, signal, way, why) => this.#doubted(from, signal, way, why),
    });
  }

  get counters(): Readonly<Record<LinkCounter | 'connectionsNotFreed', number>> {
    return { ...this.#counters, connectionsNotFreed: connectionsNotFreed() };
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#options.signalling.listen((from, text) => this.#arriving.arrived(from, text, 'discovery'));
  }

  signalled(from: NodeId, data: string): void {
    if (data === NOT_HERE) this.#slots.get(from)?.opening?.notInRing();
    else this.#arriving.arrived(from, data, 'ring');
  }

  introduce(certificate: Certificate): void {
    this.#known.take(certificate);
  }

  connect(peer: NodeId): void {
    const { self, credentials, isNamed, newAttempt = randomAttempt } = this.#options;
    if (peer === self) throw new Error('a node has no link to itself');
    const slot = this.#slots.at(peer);
    if (slot.open !== undefined) return;
    slot.wanted = true;
    if (slot.opening !== undefined) return;
    const isKnown = isNamed?.(peer) === true || this.#known.has(peer, credentials.time.renewableSeconds);
    if (isKnown) this.#open(peer, slot, newAttempt(), 'offer');
    else this.#call(peer, slot, newAttempt());
  }

  send(peer: NodeId, frame: Uint8Array): void {
    this.#slots.get(peer)?.open?.send(frame);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#slots.get(peer)?.open?.bufferedBytes ?? 0;
  }

  close(peer: NodeId, reason: LinkCloseReason): void {
    const slot = this.#slots.get(peer);
    if (slot === undefined) return;
    this.#slots.delete(peer);
    if (slot.opening !== undefined) {
      const { attempt, way } = slot.opening;
      slot.opening.abort();
      this.#outgoing.tell(peer, { type: 'abandon', attempt, reason }, way);
    }
    if (slot.open !== undefined) this.#slots.part(slot.open, reason);
  }

  closeAll(): void {
    this.#outgoing.forget();
    this.#arriving.forget();
    this.#slots.abortAll();
  }

  check(): void {
    for (const { open } of this.#slots.values()) open?.check();
  }

  links(): readonly LinkInfo[] {
    return this.#slots.list();
  }

  get linkCount(): number {
    return this.#slots.size;
  }

  #call(peer: NodeId, slot: Slot, attempt: string): void {
    this.#count('callsMade');
    slot.opening = new LinkCall(this.#attempt(peer, attempt), (failure) => this.#failed(peer, slot, failure));
  }

  #open(peer: NodeId, slot: Slot, attempt: string, kind: WebRtcLink['kind'], way?: SignalWay): WebRtcLink {
    const { connect = connectWebRtc, iceServers, webRtc } = this.#options;
    this.#count('connectionsCreated');
    const options = { ...this.#attempt(peer, attempt, way), kind, connect, webRtc, iceServers: iceServers() };
    const events = this.#linkEvents(peer, slot, () => link);
    const link: WebRtcLink = new WebRtcLink(options, events);
    slot.opening = link;
    return link;
  }

  #attempt(peer: NodeId, attempt: string, way?: SignalWay) {
    this.#seenAttempts.add(peer, attempt);
    const limitMs = (): number => this.#events?.openingMs() ?? CONNECT_TIMEOUT_MS;
    const isJoining = this.#events?.isJoining() === true;
    return { attempt, isJoining, limitMs, now: this.#now, post: this.#outgoing.postTo(peer, way) };
  }

  #linkEvents(peer: NodeId, slot: Slot, link: () => WebRtcLink): WebRtcLinkEvents {
    return {
      open: (certificate) => {
        const old = slot.open;
        slot.open = link();
        slot.opening = undefined;
        slot.wanted = false;
        this.#count(slot.open.way === 'ring' ? 'linksByRing' : 'linksByDiscovery');
        if (old !== undefined) {
          this.#count('linksReplaced');
          old.abort();
          this.#events?.down(peer, 'lost');
        }
        this.#events?.up(peer, certificate);
      },
      frame: (bytes) => this.#events?.frame(peer, bytes),
      drained: () => this.#events?.drained(peer),
      failed: (failure) => this.#failed(peer, slot, failure),
      compared: (isSame) => this.#count(isSame ? 'fingerprintsCompared' : 'fingerprintsForeign'),
      down: (reason) => {
        slot.open = undefined;
        this.#slots.dropIfEmpty(peer, slot);
        if (reason === 'too-slow') this.#count('linksTooSlow');
        this.#events?.down(peer, reason === 'too-slow' ? 'lost' : reason);
      },
      garbage: () => this.#events?.garbage(peer),
    };
  }

  #failed(peer: NodeId, slot: Slot, failure: LinkFailure): void {
    const { wanted } = slot;
    slot.opening = undefined;
    slot.wanted = false;
    this.#slots.dropIfEmpty(peer, slot);
    if (wanted) this.#events?.failed(peer, failure);
    else if (slot.open === undefined) this.#events?.answerFailed(peer, failure);
  }

  #proved(certificate: Certificate, signal: Signal, way: SignalWay): void {
    const { nodeId, epoch } = certificate;
    const news = this.#known.take(certificate);
    const isOutdated = epoch < (this.#slots.get(nodeId)?.open?.certificate?.epoch ?? epoch);
    if (news === 'outdated' || isOutdated) return this.#count('signalsOutdated');
    if (news === 'new') this.#events?.certified(certificate);
    if (signal.type === 'offer' || signal.type === 'call') this.#attempted(nodeId, { ...signal, certificate, way });
    else if (!this.#answered(certificate, signal, way)) this.#count('signalsStale');
  }

  /** False if the signal belongs to nothing that there is, or cannot be used. */
  #answered(certificate: Certificate, signal: Exclude<Signal, Offer | Call>, way: SignalWay): boolean {
    const from = certificate.nodeId;
    const { attempt } = signal;
    const link = this.#slots.find(from, attempt);
    if (signal.type === 'answer') {
      // Whoever answers what is no longer wanted should not wait for it.
      if (link === undefined) this.#outgoing.tell(from, { type: 'abandon', attempt, reason: 'closed' }, way);
      return link instanceof WebRtcLink && link.hear({ ...signal, certificate }, way);
    }
    if (link === undefined || link !== this.#slots.get(from)?.opening) return false;
    if (signal.type === 'doubt') link.doubt(signal.way, signal.why);
    else link.abandoned(signal.reason);
    return true;
  }

  /** Somebody says this in the name of `from`, and it is not proved. */
  #doubted(from: NodeId, signal: Signal, way: SignalWay, why: Doubt['why']): void {
    const link = this.#slots.find(from, signal.attempt);
    // What it really said is here already.
    if (link instanceof WebRtcLink && link.certificate !== undefined) return;
    const isAttempt = signal.type === 'offer' || signal.type === 'call';
    // Nobody is told of a doubt about a doubt, or two ends would go on for ever.
    if (isAttempt || (signal.type === 'answer' && link !== undefined)) {
      this.#outgoing.tell(from, { type: 'doubt', attempt: signal.attempt, why, way }, way);
    }
    link?.doubt(way, why);
  }

  #attempted(from: NodeId, theirs: Theirs): void {
    const { attempt, type, way } = theirs;
    const known = this.#slots.find(from, attempt);
    if (known instanceof WebRtcLink) {
      return type === 'offer' ? known.hearAgain(theirs, way) : known.calledAgain(way);
    }
    const slot = this.#slots.get(from);
    const opening = slot?.opening;
    const verdict = this.#judge(from, theirs, slot);
    const isGlare = (opening?.kind === 'call' || opening?.kind === 'offer') && opening.attempt !== attempt;
    if (isGlare && (verdict === 'yield' || verdict === 'hold')) this.#count('glare');
    switch (verdict) {
      case 'take':
      case 'yield':
        opening?.abort();
        return this.#take(from, theirs);
      case 'hold':
        return opening?.repeatSignals();
      case 'ignore':
        return this.#count('signalsStale');
      case 'refuse':
        this.#count(type === 'offer' ? 'offersRefused' : 'callsRefused');
        return this.#outgoing.tell(from, { type: 'abandon', attempt, reason: 'busy' }, way);
    }
  }

  #judge(from: NodeId, { type, attempt, joining }: Theirs, slot: Slot | undefined): Verdict {
    const { self } = this.#options;
    const existing = {
      opening: slot?.opening,
      pendingIncoming: this.#slots.pendingIncoming,
      mayTry: () => this.#budget.take(from),
      mayHaveMore: () => slot?.open !== undefined || this.#events?.mayAnswer(from, joining === true) !== false,
      seen: this.#seenAttempts.has(from, attempt),
    };
    return type === 'offer' ? judgeOffer(self, from, attempt, existing) : judgeCall(self, from, existing);
  }

  #take(from: NodeId, theirs: Theirs): void {
    const { attempt, type, way } = theirs;
    const slot = this.#slots.at(from);
    if (type === 'call') this.#count('callsTaken');
    const link = this.#open(from, slot, attempt, type === 'call' ? 'called' : 'answer', way);
    if (type === 'offer') link.hear(theirs, way);
  }

  #count(what: LinkCounter): void {
    this.#counters[what] += 1;
  }
}
