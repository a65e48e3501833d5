// The certificates of nodes that this one has met, found right: what is sealed for a node needs its key.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Certificate } from '../trust/certificate.ts';

/** Some tables full; only of a node that no link reaches is a certificate needed. */
const MAX_CERTIFICATES = 1_024;

export class CertificateBook {
  readonly #certificateById = new BoundedMap<NodeId, Certificate>(MAX_CERTIFICATES);

  /** Takes one that has been checked. An earlier life's, or one that has been renewed since, is not taken. */
  add(certificate: Certificate): void {
    const known = this.#certificateById.get(certificate.nodeId);
    if (known !== undefined && isLater(known, certificate)) return;
    this.#certificateById.set(certificate.nodeId, certificate);
  }

  /** Of a node's latest life. */
  of(nodeId: NodeId): Certificate | undefined {
    return this.#certificateById.get(nodeId);
  }
}

function isLater(a: Certificate, b: Certificate): boolean {
  return a.epoch === b.epoch ? a.issued > b.issued : a.epoch > b.epoch;
}
