// What a node proves itself with, and what it checks others by: its keys, its certificate, the ring's public key, and the
// ring's time, which is the Discovery node's, so that a tab whose own clock is wrong by a year is none the worse for it.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { type Certificate, certificateStatement, decodeCertificate, encodeCertificate } from './certificate.ts';
import type { KeySuite, OwnKeys } from './key-suite.ts';
import { type StatementKind, statement } from './statement.ts';

/** Certificates whose signature was found right, so that it is not computed again: a few tables full. */
const MAX_REMEMBERED = 2_048;

/** malformed: no certificate at all. foreign: not signed with this ring's key. expired: signed, and its time is over. */
export type CertificateFault = 'malformed' | 'foreign' | 'expired';

/** Seconds since 1970 on the Discovery node's clock. */
export interface CertificateTime {
  /** Now. */
  readonly seconds: number;
  /** Certificates that ended before this have ended: earlier than now if since then nobody could get a later one. */
  readonly renewableSeconds: number;
}

export interface CredentialsParts {
  readonly suite: KeySuite;
  readonly keys: OwnKeys;
  /** The ring's public key, base64url. */
  readonly ringKey: string;
  /** This node's own. */
  readonly certificate: Certificate;
  /** The ring's; read each time. */
  readonly time: CertificateTime;
}

export class Credentials {
  readonly keys: OwnKeys;
  readonly ringKey: string;
  readonly time: CertificateTime;
  readonly #suite: KeySuite;
  readonly #checked = new BoundedMap<string, Promise<Certificate | undefined>>(MAX_REMEMBERED);
  #certificate: Certificate;
  #encoded: string;

  constructor({ suite, keys, ringKey, certificate, time }: CredentialsParts) {
    this.#suite = suite;
    this.keys = keys;
    this.ringKey = ringKey;
    this.time = time;
    this.#certificate = certificate;
    this.#encoded = encodeCertificate(certificate);
  }

  get nodeId(): NodeId {
    return this.#certificate.nodeId;
  }

  /** This node's own, the latest. */
  get certificate(): Certificate {
    return this.#certificate;
  }

  /** The same as text. */
  get encoded(): string {
    return this.#encoded;
  }

  /** The Discovery node has renewed this node's certificate. */
  renewed(certificate: Certificate): void {
    this.#certificate = certificate;
    this.#encoded = encodeCertificate(certificate);
  }

  /** Signs in this node's name. */
  sign(kind: StatementKind, parts: readonly (string | number | null)[]): Promise<string> {
    return this.keys.sign(statement(kind, this.ringKey, parts));
  }

  /** Whether the certificate's owner signed this. The certificate itself is to be checked before. */
  verify(
    { signKey }: Pick<Certificate, 'signKey'>,
    signature: string,
    kind: StatementKind,
    parts: readonly (string | number | null)[],
  ): Promise<boolean> {
    return this.#suite.verify(signKey, signature, statement(kind, this.ringKey, parts));
  }

  /** The certificate that `text` is, if this ring's key signed it and its time is not over; else what is wrong with it. */
  async check(text: string): Promise<Certificate | CertificateFault> {
    let checked = this.#checked.get(text);
    if (checked === undefined) {
      const decoded = decodeCertificate(text);
      if (decoded === undefined) return 'malformed';
      checked = this.#signedByRing(decoded);
      this.#checked.set(text, checked);
    }
    const certificate = await checked;
    if (certificate === undefined) return 'foreign';
    return certificate.expires > this.time.renewableSeconds ? certificate : 'expired';
  }

  async #signedByRing(certificate: Certificate): Promise<Certificate | undefined> {
    const { ringKey } = this;
    const isRight = await this.#suite.verify(
      ringKey,
      certificate.signature,
      certificateStatement(ringKey, certificate),
    );
    return isRight ? certificate : undefined;
  }
}
