// Sees to it that this node's certificate does not end: it is renewed at half of its time, again and again until that works,
// and after a sleep. Says when it has ended all the same.

import type { Clock } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';

/** The share of a certificate's time after which it is renewed: the Discovery node may be away for as long again. */
const RENEW_AT = 0.5;
/** Between two looks: so often a failed renewal is tried again, and so late the end of the certificate is noticed. */
export const LOOK_EVERY_MS = 60_000;
/** A look that comes so late tells that the machine slept, or that its clock was set: the ring's time is asked for anew. */
const JUMP_MS = 5 * 60_000;

export interface CertificateKeeperParts {
  readonly clock: Clock;
  /** The ring's time. */
  readonly ringSeconds: () => number;
  /** Asks for a new certificate; calls `hold` if there is one. Never rejects. */
  readonly renew: () => Promise<void>;
  /** The certificate's time is over. Told once. */
  readonly expired: () => void;
}

export class CertificateKeeper {
  readonly #parts: CertificateKeeperParts;
  #held: Pick<Certificate, 'issued' | 'expires'> | undefined;
  #nextLook = 0;
  #isTimeDoubtful = false;
  #hasToldEnd = false;
  #isStopped = false;

  constructor(parts: CertificateKeeperParts) {
    this.#parts = parts;
  }

  /** The latest certificate, the first or a renewed one; the ring's time is known. */
  hold(certificate: Pick<Certificate, 'issued' | 'expires'>): void {
    const isFirst = this.#held === undefined;
    this.#held = certificate;
    this.#isTimeDoubtful = false;
    this.#hasToldEnd = false;
    if (isFirst) this.#lookLater();
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.clock.setAlarm(undefined, () => undefined);
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    const { clock } = this.#parts;
    this.#nextLook = clock.now() + LOOK_EVERY_MS;
    clock.setAlarm(this.#nextLook, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, renew } = this.#parts;
    if (clock.now() - this.#nextLook > JUMP_MS) this.#isTimeDoubtful = true;
    if (this.#isTimeDoubtful || this.#isDue(RENEW_AT)) await renew();
    if (!this.#isStopped && !this.#hasToldEnd && this.#isDue(1)) {
      this.#hasToldEnd = true;
      this.#parts.expired();
    }
    this.#lookLater();
  }

  /** True once this share of the certificate's time is over. */
  #isDue(share: number): boolean {
    if (this.#held === undefined) return false;
    const { issued, expires } = this.#held;
    return this.#parts.ringSeconds() >= issued + share * (expires - issued);
  }
}
