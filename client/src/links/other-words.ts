// What the other end says of itself in one attempt at a link: its description, of which the first counts, and its candidates,
// each once, since signals repeat them, and not without end.

import type { Certificate } from '../trust/certificate.ts';
import { CandidateKinds } from './candidate-kinds.ts';
import { describedFingerprint } from './fingerprint.ts';
import { MAX_ATTEMPT_CANDIDATES } from './limits.ts';
import type { Answer, Candidate, Offer } from './signal.ts';
import type { Connection } from './webrtc-connection.ts';

/** An offer or an answer as it arrived, and who signed it. */
export type HeardDescription = (Offer | Answer) & { readonly certificate: Certificate };

export class OtherWords {
  readonly kinds = new CandidateKinds();
  readonly #lines = new Set<string>();
  #certificate: Certificate | undefined;
  #fingerprint: string | undefined;

  /** Of who signed the description; undefined while there is none. */
  get certificate(): Certificate | undefined {
    return this.#certificate;
  }

  /** Of the DTLS certificate that the description says the channel will have. */
  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  /** Hands on to the connection what is new in them. True if there was something. */
  take({ type, sdp, certificate, candidates }: HeardDescription, connection: Connection): boolean {
    let isNew = false;
    if (this.#certificate === undefined) {
      this.#certificate = certificate;
      this.#fingerprint = describedFingerprint(sdp);
      connection.describe({ type, sdp });
      isNew = true;
    }
    for (const candidate of this.#fresh(candidates)) {
      try {
        connection.addCandidate(candidate);
        isNew = true;
      } catch {
        // The browser cannot read this one; another may do.
      }
    }
    return isNew;
  }

  /** Those that were not named before, up to the bound. */
  #fresh(candidates: readonly Candidate[]): readonly Candidate[] {
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
