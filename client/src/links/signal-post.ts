// Carries the signals of one attempt at a link: through the ring where there is a link into it, over the Discovery
// node's relay for a first link and when the ring gives no answer in time. Signals hold all that was said before, so the
// latest is all that is ever repeated.

import type { NodeId } from '../core/pastry/id.ts';
import type { SignalWay } from '../peer/ports.ts';
import { AWAY_AGAIN_MS, MAX_AWAY_TRIES, MAX_RING_TRIES, RING_AGAIN_MS, RING_ANSWER_MS } from './limits.ts';
import { type Signalling, SignallingError } from './signalling.ts';

export interface SignalPostOptions {
  readonly peer: NodeId;
  readonly discovery: Pick<Signalling, 'send'>;
  /** Carries through the ring; false if there is no link into it. */
  readonly ring: (peer: NodeId, text: string) => boolean;
  /** The way the other end's offer came; undefined for who offers itself. */
  readonly way: SignalWay | undefined;
  /** A signal was handed on for the first time. */
  readonly handedOn: () => void;
  /** No way leads to the other end. */
  readonly lost: (message: string, noSuchPeer: boolean) => void;
  readonly count: (cause: 'signalsByRing' | 'signalsByDiscovery' | 'signalsUnsent' | 'ringFallbacks') => void;
}

export class SignalPost {
  readonly #options: SignalPostOptions;
  #way: SignalWay;
  /** The other end's words arrive: whatever way they take works. */
  #isHeard: boolean;
  #latest: string | undefined;
  #isHandedOn = false;
  #ringTries = 0;
  #awayTries = 0;
  /** Who said that nobody has the id. */
  readonly #unknownTo = new Set<SignalWay>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: SignalPostOptions) {
    this.#options = options;
    this.#way = options.way ?? 'ring';
    this.#isHeard = options.way !== undefined;
  }

  /** The way that works, as far as is known. */
  get way(): SignalWay {
    return this.#way;
  }

  /** Sends a signal, which takes the place of what was sent before. */
  send(text: string): void {
    this.#latest = text;
    // While another way is about to be tried, it will take this one.
    if (this.#way === 'ring') this.#sendByRing(text);
    else this.#sendByDiscovery(text);
  }

  repeat(): void {
    if (this.#latest !== undefined) this.send(this.#latest);
  }

  /** A signal of the other end's arrived this way. */
  heard(way: SignalWay): void {
    this.#way = way;
    this.#isHeard = true;
    this.#stop();
  }

  /** The ring does not know the other end: what was sent through it is lost. */
  notHere(): void {
    if (this.#latest === undefined || this.#way !== 'ring') return;
    this.#stop();
    const isKnownGone = this.#unknownTo.has('ring') || this.#unknownTo.has('discovery');
    this.#unknownTo.add('ring');
    if (isKnownGone) this.#lose('The ring knows no such tab: it is gone.', true);
    else this.#fallBack();
  }

  /** What was sent through the ring was changed by somebody on its way: it goes over the Discovery node instead. */
  changed(): void {
    if (this.#latest === undefined || this.#way !== 'ring') return;
    this.#stop();
    this.#fallBack();
  }

  /** Sends nothing any more by itself, whatever is still on its way. */
  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  /** Repeats nothing any more by itself. */
  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendByRing(text: string): void {
    const awaitsAnswer = !this.#isHeard && this.#timer === undefined;
    if (awaitsAnswer) {
      this.#ringTries += 1;
      this.#timer = setTimeout(() => this.#ringSilent(), RING_ANSWER_MS);
    }
    // The ring may answer at once that it does not know the other end: then the way has changed when this returns.
    if (this.#options.ring(this.#options.peer, text)) {
      this.#options.count('signalsByRing');
      this.#passedOn();
      return;
    }
    if (awaitsAnswer) {
      this.#ringTries -= 1;
      this.#stop();
    }
    this.#way = 'discovery';
    this.#sendByDiscovery(text);
  }

  #ringSilent(): void {
    this.#timer = undefined;
    if (this.#unknownTo.has('discovery')) {
      this.#lose('The ring does not reach this tab, and the Discovery node does not know it.', true);
    } else this.#fallBack();
  }

  #fallBack(): void {
    this.#way = 'discovery';
    this.#options.count('ringFallbacks');
    this.repeat();
  }

  #sendByDiscovery(text: string): void {
    this.#options.discovery.send(this.#options.peer, text).then(
      () => {
        this.#options.count('signalsByDiscovery');
        this.#passedOn();
      },
      (error: unknown) => {
        this.#options.count('signalsUnsent');
        this.#discoveryFailed(error);
      },
    );
  }

  #discoveryFailed(error: unknown): void {
    if (this.#isOver) return;
    const isUnknown = error instanceof SignallingError && error.reason === 'unknown-peer';
    const reason = error instanceof Error ? error.message : String(error);
    if (isUnknown) this.#unknownTo.add('discovery');
    if (this.#ringTries === 0 && !isUnknown && !this.#isHandedOn && this.#awayTries < MAX_AWAY_TRIES) {
      // Neither way is open, as when a tab wakes: the Discovery node's connection comes back first.
      this.#awayTries += 1;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#way = this.#isHeard ? this.#way : 'ring';
        this.repeat();
      }, AWAY_AGAIN_MS);
    } else if (this.#isHeard || this.#ringTries === 0) {
      // What was handed on before may be enough; whom nobody knows any more is gone.
      if (isUnknown || !this.#isHandedOn) this.#lose(reason, isUnknown);
    } else if (this.#ringTries >= MAX_RING_TRIES) this.#lose(reason, isUnknown);
    else if (isUnknown && this.#unknownTo.has('ring')) this.#lose(reason, true);
    else if (this.#timer === undefined) {
      // A restarted Discovery node may not know it yet, and one that is away says nothing: the ring has the last word.
      const delayMs = this.#unknownTo.has('ring') ? RING_AGAIN_MS : 0;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#way = 'ring';
        this.repeat();
      }, delayMs);
    }
  }

  #passedOn(): void {
    if (this.#isHandedOn) return;
    this.#isHandedOn = true;
    this.#options.handedOn();
  }

  #lose(message: string, noSuchPeer: boolean): void {
    this.#stop();
    this.#options.lost(message, noSuchPeer);
  }
}
