// Keeps the links of a node under its budget, and those that it is setting up below what it has time for (openings.ts). Known
// is not linked: the leaf set's links are pinned, the rest are opened when they are wanted and closed when others are and they
// have been idle longest, the other end being told why. Wishes that find no room or no time, or come too soon after a failure,
// wait in a bounded queue (wishes.ts). Who joins, and the leaf set, may have links above the budget for a few seconds.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { TokenBucket } from '../core/token-bucket.ts';
import {
  CUT_OFF_MS,
  IDLE_MS,
  JOIN_LINKS,
  JOIN_MS,
  MAX_REDIAL_MS,
  MAX_REMEMBERED_PEERS,
  MIN_REDIAL_MS,
  RETRY_RATE,
  SPARE_LINKS,
} from './limits.ts';
import { Openings } from './openings.ts';
import { type NeedOf, Wishes } from './wishes.ts';

export interface DiallerHost {
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Calls `fire` in `delayMs` or later, unless cancelled or set anew under the same name. */
  after(name: string, delayMs: number, fire: () => void): void;
  count(cause: string): void;
  /** Links open and opening, whoever wanted them. */
  linkCount(): number;
  /** Starts opening a link. */
  dial(peer: NodeId): void;
  /** Closes a link to make room. */
  close(peer: NodeId): void;
  /** A wish waited too long, or too many did. */
  gaveUp(peer: NodeId): void;
  /** Says of a node whether it is, or would be, in the leaf set: its link is never closed for others, and needs no room. */
  pins(): (peer: NodeId) => boolean;
  /** Says of a node what a link to it would be for. */
  needs(): NeedOf;
  /** A transfer runs over its link, or frames wait for it. */
  isBusy(peer: NodeId): boolean;
}

interface Failure {
  readonly at: number;
  readonly times: number;
  readonly notBefore: number;
  readonly wasFull: boolean;
}

export class Dialler {
  readonly #host: DiallerHost;
  readonly #cap: number;
  /** When each open link was used last. */
  readonly #usedAtByPeer = new Map<NodeId, number>();
  readonly #wishes = new Wishes();
  readonly #openings = new Openings();
  readonly #retries: TokenBucket;
  readonly #failureByPeer = new BoundedMap<NodeId, Failure>(MAX_REMEMBERED_PEERS);
  /** Until when each link above the cap is granted, soonest first. */
  #grantedUntil: number[] = [];
  #willLook = false;

  /** `linkBudget` and `leafSetSize` as in the ring's parameters. */
  constructor(host: DiallerHost, linkBudget: number, leafSetSize: number) {
    this.#host = host;
    this.#cap = Math.max(linkBudget, leafSetSize + SPARE_LINKS);
    this.#retries = new TokenBucket(RETRY_RATE, host.now());
  }

  /** How long an attempt at a link may take now. */
  get openingMs(): number {
    return this.#openings.limitMs(this.#host.now());
  }

  /** A link is wanted: opened now, or when there is room and time. */
  want(peer: NodeId): void {
    if (this.#wishes.has(peer) || this.#openings.has(peer) || this.#usedAtByPeer.has(peer)) return;
    if (this.#openings.mayBegin(this.#host.now()) && this.#tryDial(peer)) return;
    const dropped = this.#wishes.add(peer, this.#host.now(), () => this.#host.needs());
    if (dropped !== undefined) {
      this.#host.count('links not opened: too many wait');
      this.#host.gaveUp(dropped);
    }
    this.#lookLater();
  }

  /** Nobody wants this link any more. */
  forget(peer: NodeId): void {
    this.#wishes.delete(peer);
    this.#openings.ended(peer, this.#host.now());
  }

  /**
   * True if another node's wish for a link may be granted; room is made for it. Who joins through this node needs none, and
   * who joins or is of the leaf set is refused last where there is too much to do.
   */
  mayAnswer(peer: NodeId, isJoining: boolean): boolean {
    const { linkCount, now, pins, count } = this.#host;
    const taken = linkCount() - this.#usedAtByPeer.size - this.#openings.count;
    if (!this.#openings.mayTake(taken, () => isJoining || pins()(peer), now())) {
      count('links refused: too many under way');
      return false;
    }
    return this.#mayOpen(peer) || (isJoining && this.#grant());
  }

  /** The link is open, whoever opened it. */
  up(peer: NodeId): void {
    this.#wishes.delete(peer);
    this.#failureByPeer.delete(peer);
    this.#openings.opened(peer, this.#host.now());
    this.#retries.giveBack();
    this.used(peer);
    if (this.#isOver) this.#lookLater();
    this.#dialWaiting();
  }

  /** Frames go over it, this way or that. */
  used(peer: NodeId): void {
    this.#usedAtByPeer.set(peer, this.#host.now());
  }

  /** The link closed, or will not open. */
  down(peer: NodeId): void {
    this.#usedAtByPeer.delete(peer);
    this.#openings.ended(peer, this.#host.now());
    this.#dialWaiting();
  }

  /**
   * The link did not open: it is dialled again only after a while, which doubles, and not by all at the same moment.
   * `wasFull`: there was no room for it at one end, or no time.
   */
  failed(peer: NodeId, wasFull = false): void {
    const times = (this.#failureByPeer.get(peer)?.times ?? 0) + 1;
    const delayMs = Math.min(MAX_REDIAL_MS, MIN_REDIAL_MS * 2 ** (times - 1)) * (1 + this.#host.random());
    const at = this.#host.now();
    this.#failureByPeer.set(peer, { at, times, notBefore: at + delayMs, wasFull });
    this.down(peer);
  }

  /** This machine had too much to do a short while ago. */
  get hadNoTime(): boolean {
    return this.#openings.hadNoTime(this.#host.now());
  }

  /** A timer of this node's came so much too late: its machine has more to do than time for it. */
  timerCame(lateMs: number): void {
    this.#openings.timerCame(lateMs, this.#host.now());
  }

  /** What failed may work now: nothing waits for its time any more. */
  tryAgain(): void {
    this.#failureByPeer.clear();
    this.#dialWaiting();
  }

  /** No link to it could be had when one was tried last, and that was not long ago. Want of room passes. */
  failedLately(peer: NodeId): boolean {
    const failure = this.#failureByPeer.get(peer);
    return failure !== undefined && !failure.wasFull && this.#host.now() - failure.at < CUT_OFF_MS;
  }

  #mayOpen(peer: NodeId): boolean {
    const { linkCount, pins } = this.#host;
    if (linkCount() < this.#cap || this.#closeLeastUsed(IDLE_MS)) return true;
    return pins()(peer) && this.#grant();
  }

  /** Grants a link above the cap for a while. */
  #grant(): boolean {
    const { linkCount, now } = this.#host;
    if (linkCount() >= this.#cap + JOIN_LINKS) return false;
    this.#grantedUntil = [...this.#grantedUntil, now() + JOIN_MS].slice(-JOIN_LINKS);
    this.#lookLater();
    return true;
  }

  /** Closes the link that has been idle longest, if that is `idleMs`. False if none may be closed. */
  #closeLeastUsed(idleMs: number): boolean {
    const { now, pins, isBusy, close, count } = this.#host;
    const usedBefore = now() - idleMs;
    let isPinned: ((peer: NodeId) => boolean) | undefined;
    // Sorted when somebody looks, and not with each frame that is sent or comes.
    for (const [peer, usedAt] of [...this.#usedAtByPeer].sort(([, a], [, b]) => a - b)) {
      if (usedAt > usedBefore) return false;
      isPinned ??= pins();
      if (isPinned(peer) || isBusy(peer)) continue;
      count('links closed to make room');
      this.#usedAtByPeer.delete(peer);
      close(peer);
      return true;
    }
    return false;
  }

  /** Dials unless it is too soon after a failure, or there is no room. */
  #tryDial(peer: NodeId): boolean {
    const now = this.#host.now();
    const failure = this.#failureByPeer.get(peer);
    // Where there was no room the other end is there, and has said when it is too much: that has its pause only.
    const isRetry = failure?.wasFull === false;
    if ((failure?.notBefore ?? 0) > now || (isRetry && this.#retries.secondsUntilNext(now) > 0)) return false;
    if (!this.#mayOpen(peer)) return false;
    if (isRetry) this.#retries.take(now);
    this.#wishes.delete(peer);
    this.#openings.begun(peer, now);
    this.#host.dial(peer);
    return true;
  }

  #dialWaiting(): void {
    if (this.#wishes.count === 0) return;
    const now = this.#host.now();
    for (const peer of this.#wishes.takeExpired(now)) {
      this.#host.count('links not opened: no room or time for them');
      this.#host.gaveUp(peer);
    }
    if (this.#openings.mayBegin(now)) {
      for (const peer of this.#wishes.inOrder(this.#host.needs())) {
        // What is done for one may end the wish for another.
        if (this.#wishes.has(peer)) this.#tryDial(peer);
        if (!this.#openings.mayBegin(now)) break;
      }
    }
    if (this.#wishes.count > 0) this.#lookLater();
  }

  /** Looks again when links may have become idle: at what waits, and at what is above the cap after joins. */
  #lookLater(): void {
    // Not put off by what happens meanwhile: there is always something.
    if (this.#willLook) return;
    this.#willLook = true;
    this.#host.after('dialler', IDLE_MS, () => {
      this.#willLook = false;
      this.#closeExcess();
      this.#dialWaiting();
      if (this.#isOver) this.#lookLater();
    });
  }

  /** Links above the cap go when they are idle; those that are granted no longer go in any case, the least used first. */
  #closeExcess(): void {
    const { linkCount, now } = this.#host;
    while (this.#isOver && this.#closeLeastUsed(IDLE_MS));
    this.#grantedUntil = this.#isOver ? this.#grantedUntil.filter((until) => until > now()) : [];
    while (linkCount() > this.#cap + this.#grantedUntil.length && this.#closeLeastUsed(0));
  }

  get #isOver(): boolean {
    return this.#host.linkCount() > this.#cap;
  }
}
