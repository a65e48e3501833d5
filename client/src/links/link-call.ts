// An attempt at a link to a node of which this one knows by hearsay only: a few words instead of a connection, which the node,
// if it exists, answers with an offer of its own. So invented nodes cost no connection, of which a tab can create 500.

import type { LinkFailure, SignalWay } from '../peer/ports.ts';
import { abandonedFailure, linkFailure } from './link-failure.ts';
import { OpeningStage } from './opening-stage.ts';
import { PatientTimer } from './patient-timer.ts';
import type { AbandonReason, Doubt } from './signal.ts';
import { SignedPost, type SignedPostOptions } from './signed-post.ts';

export interface LinkCallOptions {
  readonly attempt: string;
  /** This node is not in the ring yet. */
  readonly isJoining: boolean;
  /** How long to wait for an offer, milliseconds. */
  readonly limitMs: () => number;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** How signals get to the other end. */
  readonly post: Omit<SignedPostOptions, 'handedOn' | 'lost'>;
}

export class LinkCall {
  readonly attempt: string;
  readonly kind = 'call';
  readonly #failed: (failure: LinkFailure) => void;
  readonly #post: SignedPost;
  readonly #stage = new OpeningStage('call');
  readonly #timer: PatientTimer;
  #isOver = false;

  /** `failed`: nobody offers. Not called from within a call of these methods, nor after `abort`. */
  constructor({ attempt, isJoining, limitMs, now, post }: LinkCallOptions, failed: (failure: LinkFailure) => void) {
    this.attempt = attempt;
    this.#failed = failed;
    this.#post = new SignedPost({
      ...post,
      handedOn: () => this.#stage.handedOn(),
      lost: (message, noSuchPeer) => this.#failSoon(linkFailure('signalling', `(${message})`, noSuchPeer)),
    });
    this.#timer = new PatientTimer(now);
    this.#timer.setLimit(limitMs, () => this.#fail(this.#stage.failure()));
    this.#post.say({ type: 'call', attempt, ...(isJoining && { joining: true }) });
  }

  /** The way that the other end's words took, or by which they are awaited. */
  get way(): SignalWay {
    return this.#post.way;
  }

  /** Calls again: the other end may have missed it. */
  repeatSignals(): void {
    this.#post.repeat();
  }

  /** The ring does not know the other end. */
  notInRing(): void {
    this.#post.notHere();
  }

  /** What came by this way in one end's name was not proved to be of it. */
  doubt(way: SignalWay, why: Doubt['why']): void {
    const failure = this.#stage.doubt(way, why);
    if (failure === undefined) this.#post.changed();
    else this.#failSoon(failure);
  }

  /** The other end will not have it. */
  abandoned(reason: AbandonReason): void {
    this.#failSoon(abandonedFailure(reason));
  }

  /** Gives it up. */
  abort(): void {
    this.#isOver = true;
    this.#timer.stop();
    this.#post.end();
  }

  #failSoon(failure: LinkFailure): void {
    queueMicrotask(() => this.#fail(failure));
  }

  #fail(failure: LinkFailure): void {
    if (this.#isOver) return;
    this.abort();
    this.#failed(failure);
  }
}
