// The other end's candidates in one attempt: each once, since signals repeat them, and not without end.

import { CandidateKinds } from './candidate-kinds.ts';
import { MAX_ATTEMPT_CANDIDATES } from './limits.ts';
import type { Candidate } from './signal.ts';

export class TakenCandidates {
  readonly kinds = new CandidateKinds();
  readonly #lines = new Set<string>();

  /** Those of `candidates` that are new, up to the bound. */
  take(candidates: readonly Candidate[]): readonly Candidate[] {
    const fresh: Candidate[] = [];
    for (const candidate of candidates) {
      const line = `${candidate.sdpMid} ${candidate.candidate}`;
      if (this.#lines.has(line) || this.#lines.size >= MAX_ATTEMPT_CANDIDATES) continue;
      this.#lines.add(line);
      this.kinds.add(candidate.candidate);
      fresh.push(candidate);
    }
    return fresh;
  }
}
