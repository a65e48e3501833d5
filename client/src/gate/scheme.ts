// What the gate signs, seals and checks by: a node's credentials (trust/credentials.ts), or in the simulator a cheap scheme
// that nobody can forge either.

import type { Certificate } from '../trust/certificate.ts';
import type { CertificateFault } from '../trust/credentials.ts';
import type { StatementKind } from '../trust/statement.ts';
import type { Soon } from './soon.ts';

export interface Scheme {
  /** The ring's public key, base64url: it names the ring. */
  readonly ringKey: string;
  /** This node's own, and the same as text. */
  readonly certificate: Certificate;
  readonly encoded: string;
  readonly keys: {
    /** A key that only this node and the owner of `agreeKey` can make, for the purpose that `about` names. */
    agree(agreeKey: string, about: string): Soon<Seal>;
  };
  /** Signs in this node's name. */
  sign(kind: StatementKind, parts: StatementParts): Soon<string>;
  /** Whether the owner of this key signed this; of a node's key its certificate has been checked before. */
  verify(
    signer: Pick<Certificate, 'signKey'>,
    signature: string,
    kind: StatementKind,
    parts: StatementParts,
  ): Soon<boolean>;
  /** The certificate that a text is, if this ring's key signed it and its time is not over; else what is wrong with it. */
  check(encoded: string): Soon<Certificate | CertificateFault>;
}

export type StatementParts = readonly (string | number | null)[];

/** A nonce, of 12 bytes, must never be used for two messages. */
export interface Seal {
  seal(nonce: Uint8Array, bytes: Uint8Array): Soon<Uint8Array>;
  /** Undefined if it is not what was sealed. */
  unseal(nonce: Uint8Array, sealed: Uint8Array): Soon<Uint8Array | undefined>;
}
