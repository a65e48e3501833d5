// What this end says of itself in one attempt at a link: its description and its candidates, all of them in every signal.

import { CandidateBatch } from './candidate-batch.ts';
import { CandidateKinds } from './candidate-kinds.ts';
import { ANSWER_LOST_MS, MAX_SIGNAL_CANDIDATES } from './limits.ts';
import type { Candidate } from './signal.ts';
import type { SignedPost } from './signed-post.ts';
import type { Description } from './webrtc-connection.ts';

export interface OwnWordsOptions {
  readonly attempt: string;
  /** This node is not in the ring yet, which its offer says. */
  readonly isJoining: boolean;
  readonly post: Pick<SignedPost, 'say'>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

export class OwnWords {
  readonly kinds = new CandidateKinds();
  readonly #options: OwnWordsOptions;
  readonly #batch = new CandidateBatch(() => this.#say());
  #description: Description | undefined;
  #candidates: Candidate[] = [];
  #saidAt = 0;

  constructor(options: OwnWordsOptions) {
    this.#options = options;
  }

  describe(description: Description): void {
    this.#description = description;
    this.#batch.release();
  }

  addCandidate(candidate: Candidate): void {
    this.kinds.add(candidate.candidate);
    this.#candidates = [...this.#candidates, candidate].slice(-MAX_SIGNAL_CANDIDATES);
    this.#batch.add();
  }

  /** No more candidates are looked for. */
  gathered(): void {
    this.#batch.complete();
  }

  /** The two ends reach each other: more candidates are of no use. */
  pathFound(): void {
    this.#batch.enough();
  }

  /** It was said so long ago that the other end, if it asks again, has not got it. */
  get mayBeLost(): boolean {
    return this.#options.now() - this.#saidAt >= ANSWER_LOST_MS;
  }

  /** Says nothing any more, and holds nothing. */
  end(): void {
    this.#batch.stop();
    this.#description = undefined;
  }

  #say(): void {
    if (this.#description === undefined) return;
    const { attempt, isJoining, post, now } = this.#options;
    this.#saidAt = now();
    const { type, sdp } = this.#description;
    const words = { attempt, sdp, candidates: this.#candidates };
    if (type === 'answer') post.say({ type, ...words });
    else post.say({ type, ...words, ...(isJoining && { joining: true }) });
  }
}
