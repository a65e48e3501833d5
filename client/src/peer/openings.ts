// The links that a node is setting up: how many it may have under way, of its own and of others' wishes, and for how long.
// One that is not open when it should be is a sign of too much to do, unless others opened meanwhile: then its other end is
// dead or asleep, and it keeps no place from those that are there.

import type { NodeId } from '../core/pastry/id.ts';
import { LATE_TIMER_MS, MAX_OPENING_MS, MAX_UNTOLD_MS, REMEMBERED_LATE_MS } from './limits.ts';
import { OpeningTime } from './opening-time.ts';
import { OpeningWindow } from './opening-window.ts';

interface Dial {
  readonly begunAt: number;
  /** Its other end says nothing although others' do. */
  isSilent: boolean;
}

export class Openings {
  readonly #window = new OpeningWindow();
  readonly #time = new OpeningTime();
  readonly #dialByPeer = new Map<NodeId, Dial>();
  /** When a link of this node's wish last opened as soon as expected. */
  #promptAt = Number.NEGATIVE_INFINITY;
  #lateAt = Number.NEGATIVE_INFINITY;

  /** This node's own. */
  get count(): number {
    return this.#dialByPeer.size;
  }

  /** How long an attempt may take. */
  limitMs(now: number): number {
    return this.hadNoTime(now) ? MAX_OPENING_MS : this.#time.limitMs;
  }

  /** This machine had too much to do a short while ago: what took too long says little about others. */
  hadNoTime(now: number): boolean {
    return now - this.#lateAt < REMEMBERED_LATE_MS;
  }

  has(peer: NodeId): boolean {
    return this.#dialByPeer.has(peer);
  }

  /** True if this node may begin another. */
  mayBegin(now: number): boolean {
    this.#notice(now);
    return this.#heard < this.#window.size;
  }

  /**
   * True if this node may take part in another's, beside so many that it does already. As many as of its own, or nodes full
   * of their own wishes would all refuse each other; twice as many of those that `isNeeded`.
   */
  mayTake(taken: number, isNeeded: () => boolean, now: number): boolean {
    this.#notice(now);
    const { size } = this.#window;
    return taken < size || (taken < 2 * size && isNeeded());
  }

  begun(peer: NodeId, now: number): void {
    this.#dialByPeer.set(peer, { begunAt: now, isSilent: false });
  }

  /** A link is open, whoever wished for it. */
  opened(peer: NodeId, now: number): void {
    const dial = this.#dialByPeer.get(peer);
    if (dial === undefined) return;
    const tookMs = now - dial.begunAt;
    if (tookMs <= this.#time.expectedMs) {
      this.#promptAt = now;
      this.#window.opened(this.count);
    }
    this.#time.opened(tookMs);
    this.ended(peer, now);
  }

  /** It is open, or has failed, or nobody wants it any more. */
  ended(peer: NodeId, now: number): void {
    this.#notice(now);
    this.#dialByPeer.delete(peer);
  }

  /** A timer of this node's came so much too late. */
  timerCame(lateMs: number, now: number): void {
    if (lateMs < LATE_TIMER_MS) return;
    this.#lateAt = now;
    this.#window.cut(now - lateMs, now);
  }

  get #heard(): number {
    let heard = 0;
    for (const { isSilent } of this.#dialByPeer.values()) if (!isSilent) heard += 1;
    return heard;
  }

  /** Looks for those that should be open by now. */
  #notice(now: number): void {
    for (const [peer, dial] of this.#dialByPeer) {
      if (now - dial.begunAt > MAX_UNTOLD_MS) this.#dialByPeer.delete(peer);
      if (dial.isSilent || now - dial.begunAt <= this.#time.expectedMs) continue;
      if (this.#promptAt >= dial.begunAt) dial.isSilent = true;
      // Of a node that has time enough nobody waits longer for those that are dead.
      else if (this.#window.cut(dial.begunAt, now) && this.hadNoTime(now)) this.#time.tooShort();
    }
  }
}
