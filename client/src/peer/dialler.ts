// Keeps the links of a node under its budget. Known is not linked: the leaf set's links are pinned, the rest are opened
// when they are wanted and closed when others are and they have been idle longest, the other end being told why. Wishes
// that find no room, or come too soon after a failure, wait in a bounded queue. Who joins, and the leaf set, may have links
// above the budget for a few seconds.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import {
  CUT_OFF_MS,
  IDLE_MS,
  JOIN_LINKS,
  JOIN_MS,
  MAX_REDIAL_MS,
  MAX_REMEMBERED_PEERS,
  MAX_WAITING_DIALS,
  MIN_REDIAL_MS,
  SPARE_LINKS,
  WAITING_DIAL_MS,
} from './limits.ts';

export interface DiallerHost {
  now(): number;
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
  /** Open links by when they were last used, the longest idle first. */
  readonly #usedAtByPeer = new Map<NodeId, number>();
  /** Wishes that wait for room, with when they are given up; oldest first. */
  readonly #deadlineByPeer = new Map<NodeId, number>();
  readonly #failureByPeer = new BoundedMap<NodeId, Failure>(MAX_REMEMBERED_PEERS);
  /** Until when each link above the cap is granted, soonest first. */
  #grantedUntil: number[] = [];
  #willLook = false;

  /** `linkBudget` and `leafSetSize` as in the ring's parameters. */
  constructor(host: DiallerHost, linkBudget: number, leafSetSize: number) {
    this.#host = host;
    this.#cap = Math.max(linkBudget, leafSetSize + SPARE_LINKS);
  }

  /** A link is wanted: opened now, or when there is room. */
  want(peer: NodeId): void {
    if (this.#deadlineByPeer.has(peer) || this.#usedAtByPeer.has(peer)) return;
    const { notBefore = 0 } = this.#failureByPeer.get(peer) ?? {};
    if (notBefore <= this.#host.now() && this.#mayOpen(peer)) {
      this.#host.dial(peer);
      return;
    }
    if (this.#deadlineByPeer.size >= MAX_WAITING_DIALS) {
      this.#host.count('links not opened: too many wait for room');
      this.#host.gaveUp(peer);
      return;
    }
    this.#deadlineByPeer.set(peer, this.#host.now() + WAITING_DIAL_MS);
    this.#lookLater();
  }

  /** Nobody wants this link any more. */
  forget(peer: NodeId): void {
    this.#deadlineByPeer.delete(peer);
  }

  /** True if another node's wish for a link may be granted; room is made for it. Who joins through this node needs none. */
  mayAnswer(peer: NodeId, isJoining: boolean): boolean {
    return this.#mayOpen(peer) || (isJoining && this.#grant());
  }

  /** The link is open, whoever opened it. */
  up(peer: NodeId): void {
    this.#deadlineByPeer.delete(peer);
    this.#failureByPeer.delete(peer);
    this.used(peer);
    if (this.#isOver) this.#lookLater();
  }

  /** Frames go over it, this way or that. */
  used(peer: NodeId): void {
    this.#usedAtByPeer.delete(peer);
    this.#usedAtByPeer.set(peer, this.#host.now());
  }

  /** The link closed. */
  down(peer: NodeId): void {
    this.#usedAtByPeer.delete(peer);
    this.#dialWaiting();
  }

  /** The link did not open: it is dialled again only after a while, which doubles. `wasFull`: there was no room for it at one end. */
  failed(peer: NodeId, wasFull = false): void {
    const times = (this.#failureByPeer.get(peer)?.times ?? 0) + 1;
    const delayMs = Math.min(MAX_REDIAL_MS, MIN_REDIAL_MS * 2 ** (times - 1));
    const at = this.#host.now();
    this.#failureByPeer.set(peer, { at, times, notBefore: at + delayMs, wasFull });
    this.down(peer);
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
    for (const [peer, usedAt] of this.#usedAtByPeer) {
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

  #dialWaiting(): void {
    for (const [peer, deadline] of [...this.#deadlineByPeer]) {
      const now = this.#host.now();
      if (now >= deadline) {
        this.#deadlineByPeer.delete(peer);
        this.#host.count('links not opened: no room in time');
        this.#host.gaveUp(peer);
      } else if ((this.#failureByPeer.get(peer)?.notBefore ?? 0) <= now && this.#mayOpen(peer)) {
        this.#deadlineByPeer.delete(peer);
        this.#host.dial(peer);
      }
    }
    if (this.#deadlineByPeer.size > 0) this.#lookLater();
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
