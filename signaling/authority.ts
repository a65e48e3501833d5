// The ring's authority: signs certificates with the ring's key, and checks what registrations claim to be.

import {
  type Certificate,
  certificateStatement,
  decodeCertificate,
  encodeCertificate,
} from '../client/src/trust/certificate.ts';
import { type KeySuite, keySuite, type OwnKeys } from '../client/src/trust/key-suite.ts';
import { statement } from '../client/src/trust/statement.ts';
import type { IdClaim } from './id-rights.ts';
import { CLIENT_CERTIFICATE_SECONDS } from './limits.ts';
import { type RegisterRequest, registrationParts } from './protocol.ts';
import type { Peer } from './registration.ts';

export interface AuthorityParts {
  readonly keys: OwnKeys;
  /** How long a certificate runs. */
  readonly certificateSeconds: number;
  /** Seconds since 1970: the ring's time. */
  readonly seconds: () => number;
}

/** Why a certificate proves nothing here: no certificate, of another ring, of other keys, or for another role. */
export type ClaimFault = 'malformed' | 'foreign' | 'other-keys' | 'other-role';

export class Authority {
  readonly #parts: AuthorityParts;
  readonly #suite: KeySuite;

  private constructor(parts: AuthorityParts, suite: KeySuite) {
    this.#parts = parts;
    this.#suite = suite;
  }

  static async create(parts: AuthorityParts): Promise<Authority> {
    return new Authority(parts, await keySuite());
  }

  /** The ring's public key. */
  get ringKey(): string {
    return this.#parts.keys.signKey;
  }

  /** The ring's time, seconds since 1970. */
  get seconds(): number {
    return this.#parts.seconds();
  }

  /** When a certificate that is made now ends, seconds since 1970. */
  endFor(role: Peer['role']): number {
    const { certificateSeconds } = this.#parts;
    return (
      this.seconds + (role === 'client' ? Math.min(certificateSeconds, CLIENT_CERTIFICATE_SECONDS) : certificateSeconds)
    );
  }

  async certify({ role, nodeId, epoch, device, signKey, agreeKey }: Peer, expires: number): Promise<string> {
    const unsigned = { role, nodeId, epoch, device, signKey, agreeKey, issued: this.seconds, expires };
    const signature = await this.#parts.keys.sign(certificateStatement(this.ringKey, unsigned));
    return encodeCertificate({ ...unsigned, signature });
  }

  /** Whether the owner of the request's key made it for this ring and this socket. */
  isProven(challenge: string, request: RegisterRequest): Promise<boolean> {
    const { signKey, signature } = request;
    const text = statement('registration', this.ringKey, registrationParts(challenge, request));
    return this.#suite.verify(signKey, signature, text);
  }

  /** What an earlier certificate proves for `request`, even if its time is over. */
  async claimOf(text: string, { signKey, role }: RegisterRequest): Promise<IdClaim | ClaimFault> {
    const certificate = decodeCertificate(text);
    if (certificate === undefined) return 'malformed';
    // Cheap questions first: a signature takes as long to check as a hundred of them.
    if (certificate.signKey !== signKey) return 'other-keys';
    if (certificate.role !== role) return 'other-role';
    return (await this.#isSignedByRing(certificate)) ? certificate : 'foreign';
  }

  #isSignedByRing(certificate: Certificate): Promise<boolean> {
    const { ringKey } = this;
    return this.#suite.verify(ringKey, certificate.signature, certificateStatement(ringKey, certificate));
  }
}
