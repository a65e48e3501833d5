// The failure detector (MSPastry, section 3.1): probes, each a question with a nonce, sent again on a growing timeout, and a
// verdict. A suspect is routed around; only its own silence through a whole probe makes it dead.

import type { Instant } from '../../io.ts';
import { type Context, count, isAcquainted, misdeed, trace } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { PastryMessage } from '../messages.ts';
import type { NodeHandle } from '../node-handle.ts';
import { send } from '../reachability/outbox.ts';

/** ping: are you there? leaf-set: confirm me and tell me your leaf set. row: here I am, tell me your row. */
export type ProbeKind = 'ping' | 'leaf-set' | 'row';

export interface ProbeListener {
  /** Makes the question. */
  question(to: NodeId, kind: ProbeKind, nonce: number): PastryMessage;
  /** The question is going to be put again, or for the first time to a node to which no link opens. */
  retry(nodeId: NodeId): void;
  /** The node stayed silent, or has no link and nobody knows it. */
  silent(nodeId: NodeId, onHearsay: boolean): void;
}

interface Probe {
  readonly to: NodeId;
  readonly kind: ProbeKind;
  timeoutsMs: readonly number[];
  readonly onHearsay: boolean;
  startedAt: Instant;
  attempt: number;
  firstNonce: number;
  nonce: number;
  /** When the question left over an open link; undefined if it had to wait for one. */
  sentAt: Instant | undefined;
}

export class FailureDetector {
  readonly #context: Context;
  readonly #listener: ProbeListener;
  readonly #probeByPeerAndKind = new Map<string, Probe>();
  #lastNonce = 0;

  constructor(context: Context, listener: ProbeListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /**
   * Starts a probe unless one of this kind runs. `onHearsay`: another node found it dead, so a shorter probe will do. False, and
   * nothing is done, if others have spoken of too many nodes that are not there.
   */
  probe(to: NodeId, kind: ProbeKind, onHearsay = false): boolean {
    if (!mayAsk(this.#context, to)) return false;
    this.#probe(to, kind, onHearsay);
    return true;
  }

  #probe(to: NodeId, kind: ProbeKind, onHearsay: boolean): void {
    const { timing, leafSet } = this.#context;
    const isEntry = kind !== 'leaf-set' && !leafSet.has(to);
    if (onHearsay) this.#start(to, kind, timing.hearsayProbeTimeoutsMs, true);
    else this.#start(to, kind, isEntry ? timing.entryProbeTimeoutsMs : timing.probeTimeoutsMs, false);
  }

  /** Routes around a node whose link is lost, or that another found dead, and finds out. */
  suspect(nodeId: NodeId, onHearsay = false): void {
    this.#markSuspect(nodeId);
    this.#probe(nodeId, 'ping', onHearsay);
  }

  /**
   * The same for one that did not acknowledge a message. An entry has been asked thereby: the first wait is for its late
   * answer, and most entries get no other.
   */
  missedAck(nodeId: NodeId): void {
    const { timing, leafSet } = this.#context;
    if (leafSet.has(nodeId)) return this.suspect(nodeId);
    this.#markSuspect(nodeId);
    if (!this.isFailureDetector(nodeId, 'ping'))
      this.#wait(this.#register(nodeId, 'ping', timing.entryProbeTimeoutsMs, false));
  }

  #markSuspect(nodeId: NodeId): void {
    const peer = this.#context.peers.of(nodeId);
    if (peer.suspect) return;
    peer.suspect = true;
    trace(this.#context, { kind: 'suspected', nodeId });
  }

  #start(to: NodeId, kind: ProbeKind, timeoutsMs: readonly number[], onHearsay: boolean): void {
    if (this.isFailureDetector(to, kind)) return;
    const { unlinkable, peers, now, timing } = this.#context;
    // Carriers have to be found first.
    const isUnlinkable = unlinkable.has(to, now);
    const probe = this.#register(to, kind, isUnlinkable ? timing.probeTimeoutsMs : timeoutsMs, onHearsay);
    if (isUnlinkable && !peers.isReachable(to)) this.#listener.retry(to);
    this.#begin(probe);
  }

  /** A probe of which nothing has been sent yet. */
  #register(to: NodeId, kind: ProbeKind, timeoutsMs: readonly number[], onHearsay: boolean): Probe {
    const probe: Probe = {
      to,
      kind,
      timeoutsMs,
      onHearsay,
      startedAt: this.#context.now,
      attempt: 0,
      firstNonce: this.#lastNonce + 1,
      nonce: this.#lastNonce,
      sentAt: undefined,
    };
    this.#probeByPeerAndKind.set(keyOf(to, kind), probe);
    return probe;
  }

  isFailureDetector(nodeId: NodeId, kind: ProbeKind): boolean {
    return this.#probeByPeerAndKind.has(keyOf(nodeId, kind));
  }

  /** An answer came. Returns the round-trip time if it was measured, null if not, undefined if nobody asked. */
  answered(from: NodeHandle, kind: ProbeKind, nonce: number): number | null | undefined {
    const probe = this.#probeByPeerAndKind.get(keyOf(from.nodeId, kind));
    if (probe === undefined || nonce < probe.firstNonce || nonce > probe.nonce) return undefined;
    this.#end(probe);
    this.cancel(from.nodeId, 'ping');
    return probe.nonce === nonce && probe.sentAt !== undefined ? this.#context.now - probe.sentAt : null;
  }

  cancel(nodeId: NodeId, kind: ProbeKind): void {
    const probe = this.#probeByPeerAndKind.get(keyOf(nodeId, kind));
    if (probe !== undefined) this.#end(probe);
  }

  cancelAll(nodeId: NodeId): void {
    for (const kind of ['ping', 'leaf-set', 'row'] as const) this.cancel(nodeId, kind);
  }

  /** The link that a question waited for is open: its time runs from now. */
  linkUp(nodeId: NodeId): void {
    for (const probe of this.#probesOf(nodeId)) if (probe.sentAt === undefined) this.#wait(probe);
  }

  /**
   * There was no room or no time for the link that a question waited for, here or there. That says nothing about the node: a
   * leaf is asked again, however often; of another there is no verdict in the end.
   */
  refused(nodeId: NodeId): void {
    const { timers, leafSet, peers, now } = this.#context;
    for (const probe of this.#probesOf(nodeId)) {
      if (probe.sentAt !== undefined) continue;
      const isLast = probe.attempt + 1 >= probe.timeoutsMs.length;
      if (isLast && !leafSet.has(nodeId)) {
        this.#end(probe);
        peers.of(nodeId).suspect = false;
        continue;
      }
      const pauseMs = probe.timeoutsMs[probe.attempt] ?? 0;
      if (!isLast) probe.attempt += 1;
      timers.set(timerOf(probe), now + pauseMs, () => this.#ask(probe));
    }
  }

  /** Others have been asked to carry the questions: they are put again, as often as it takes to try some carriers. */
  relayed(nodeId: NodeId): void {
    for (const probe of this.#probesOf(nodeId)) {
      probe.timeoutsMs = this.#context.timing.probeTimeoutsMs;
      this.#begin(probe);
    }
  }

  /** No link can be had: the verdict need not wait. Returns false if nobody asks this node. */
  linkFailed(nodeId: NodeId): boolean {
    const [probe] = this.#probesOf(nodeId);
    if (probe === undefined) return false;
    this.cancelAll(nodeId);
    this.#listener.silent(nodeId, probe.onHearsay);
    return true;
  }

  /** After a freeze nobody's silence means anything: every probe starts again. */
  restart(): void {
    for (const probe of this.#probeByPeerAndKind.values()) this.#begin(probe);
  }

  #probesOf(nodeId: NodeId): Probe[] {
    const probes: Probe[] = [];
    for (const kind of ['ping', 'leaf-set', 'row'] as const) {
      const probe = this.#probeByPeerAndKind.get(keyOf(nodeId, kind));
      if (probe !== undefined) probes.push(probe);
    }
    return probes;
  }

  #begin(probe: Probe): void {
    probe.startedAt = this.#context.now;
    probe.attempt = 0;
    probe.firstNonce = this.#lastNonce + 1;
    this.#ask(probe);
  }

  #ask(probe: Probe): void {
    this.#lastNonce += 1;
    probe.nonce = this.#lastNonce;
    probe.sentAt = undefined;
    send(this.#context, probe.to, this.#listener.question(probe.to, probe.kind, probe.nonce));
    this.#wait(probe);
  }

  #wait(probe: Probe): void {
    const { peers, timers, timing, now } = this.#context;
    const isReachable = peers.isReachable(probe.to);
    if (isReachable) probe.sentAt = now;
    const isOpening = !isReachable && peers.of(probe.to).link === 'opening';
    const timeoutMs = isOpening ? timing.linkVerdictMs : (probe.timeoutsMs[probe.attempt] ?? 0);
    timers.set(timerOf(probe), now + timeoutMs, () => this.#timedOut(probe));
  }

  #timedOut(probe: Probe): void {
    const peer = this.#context.peers.of(probe.to);
    // A question that never left has had the time of a whole link; one that left over a link since lost is put again.
    const hasWaitedForLink = peer.link === 'opening' && probe.sentAt === undefined;
    probe.attempt += 1;
    if (probe.attempt < probe.timeoutsMs.length && !hasWaitedForLink) {
      this.#listener.retry(probe.to);
      this.#ask(probe);
      return;
    }
    if (probe.kind === 'leaf-set' && peer.lastHeard > probe.startedAt) {
      // It lives, only the answer got lost: a leaf set without this node's word would not be confirmed.
      this.#begin(probe);
      return;
    }
    this.#end(probe);
    if (peer.lastHeard > probe.startedAt) return;
    this.#listener.silent(probe.to, probe.onHearsay);
  }

  #end(probe: Probe): void {
    this.#probeByPeerAndKind.delete(keyOf(probe.to, probe.kind));
    this.#context.timers.cancel(timerOf(probe));
  }
}

function timerOf({ to, kind }: Probe) {
  return { kind: `${kind}-probe`, key: to } as const;
}

/** Whether this node asks one of which it may only have heard. */
export function mayAsk(context: Context, nodeId: NodeId): boolean {
  if (isAcquainted(context, nodeId)) return true;
  const { mayAsk: isAllowed, tooMuch } = context.hearsay.ask(nodeId, context.now);
  if (isAllowed) return true;
  count(context, 'hearsay-not-pursued');
  if (tooMuch !== undefined) misdeed(context, tooMuch, 'speaks of too many nodes that do not answer');
  return false;
}

function keyOf(nodeId: NodeId, kind: ProbeKind): string {
  return `${kind}:${nodeId}`;
}
