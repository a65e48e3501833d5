// Gathers ICE candidates for a moment, so that they travel in few signals, and never before the description they belong to.

import { CANDIDATE_BATCH_MS, MAX_BATCH_CANDIDATES } from './limits.ts';
import type { Candidate } from './signal.ts';

export class CandidateBatch {
  readonly #send: (candidates: Candidate[]) => void;
  #gathered: Candidate[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #released = false;

  constructor(send: (candidates: Candidate[]) => void) {
    this.#send = send;
  }

  add(candidate: Candidate): void {
    this.#gathered.push(candidate);
    this.#schedule();
  }

  /** The description is on its way: candidates may follow. */
  release(): void {
    this.#released = true;
    this.#schedule();
  }

  /** Sends nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#released = false;
    this.#gathered = [];
  }

  #schedule(): void {
    if (!this.#released || this.#gathered.length === 0) return;
    this.#timer ??= setTimeout(() => this.#flush(), CANDIDATE_BATCH_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    while (this.#gathered.length > 0) this.#send(this.#gathered.splice(0, MAX_BATCH_CANDIDATES));
  }
}
