// Signs statements in this node's name and checks those of others: certificate first, then signature.

import type { Proof } from '../core/proof.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { StatementKind } from '../trust/statement.ts';
import type { CertificateBook } from './certificate-book.ts';
import type { Scheme, StatementParts } from './scheme.ts';
import { type Soon, whenKnown } from './soon.ts';

export class Witness {
  readonly #scheme: Scheme;
  readonly #book: CertificateBook;

  constructor(scheme: Scheme, book: CertificateBook) {
    this.#scheme = scheme;
    this.#book = book;
  }

  /** This node's proof of a statement. */
  sign(kind: StatementKind, parts: StatementParts): Soon<Proof> {
    const { certificate, encoded } = this.#scheme;
    const { nodeId: by, device } = certificate;
    return whenKnown(this.#scheme.sign(kind, parts), (signature) => ({ by, device, certificate: encoded, signature }));
  }

  /** For people: why this proves nothing; undefined if the member of the ring that it names, or a client, said so. */
  fault(
    proof: Proof,
    kind: StatementKind,
    parts: StatementParts,
    { fromClients = false }: { readonly fromClients?: boolean } = {},
  ): Soon<string | undefined> {
    return whenKnown(this.#scheme.check(proof.certificate), (checked) => {
      if (typeof checked === 'string') return `a certificate that is ${checked}`;
      if (checked.role !== 'node' && !fromClients) return 'signed by a client';
      return whenKnown(this.#scheme.verify(checked, proof.signature, kind, parts), (isRight) =>
        isRight ? this.#believed(checked) : 'a signature that is wrong',
      );
    });
  }

  #believed(certificate: Certificate): undefined {
    this.#book.add(certificate);
  }
}
