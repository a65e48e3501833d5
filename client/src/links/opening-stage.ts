// How far an attempt at a link has come, so that its failure can say why it came no further, and what speaks against those who
// carry its signals. The ring has many carriers, so what it changed goes over the Discovery node's relay instead, beside which
// there is no other way.

import type { LinkFailure, SignalWay } from '../peer/ports.ts';
import { doubtedFailure, linkFailure } from './link-failure.ts';
import type { AttemptKind } from './offer-verdict.ts';
import type { Doubt } from './signal.ts';

export class OpeningStage {
  #stage: LinkFailure['stage'];
  #doubted: LinkFailure | undefined;

  constructor(kind: AttemptKind) {
    this.#stage = kind === 'answer' ? 'ice' : 'signalling';
  }

  /** The first words are on their way. */
  handedOn(): void {
    if (this.#stage === 'signalling') this.#stage = 'no-answer';
  }

  /** The other end has described itself. */
  described(): void {
    this.#stage = 'ice';
    this.#doubted = undefined;
  }

  pathFound(): void {
    this.#stage = 'dtls';
    this.#doubted = undefined;
  }

  /** What came this way in one end's name was not proved. Returns why the attempt must end, or undefined if another way may do. */
  doubt(way: SignalWay, why: Doubt['why']): LinkFailure | undefined {
    this.#doubted = doubtedFailure(why);
    return way === 'discovery' ? this.#doubted : undefined;
  }

  /** `detail`: what else is known; `iceAdvice` is asked for where no path was found. */
  failure(detail?: string, iceAdvice?: () => string): LinkFailure {
    return this.#doubted ?? linkFailure(this.#stage, this.#stage === 'ice' ? iceAdvice?.() : detail);
  }
}
