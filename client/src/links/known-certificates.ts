// The latest certificate of each node that proved itself: that it exists, so that a link may be offered to it, and in which
// of its lives it is, so that words of an earlier one are told from its own.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Certificate } from '../trust/certificate.ts';
import { MAX_KNOWN_CERTIFICATES } from './limits.ts';

export class KnownCertificates {
  readonly #byId = new BoundedMap<NodeId, Certificate>(MAX_KNOWN_CERTIFICATES);

  /** Whether this node was seen to exist; `seconds`: the ring's time, since its certificate may have expired. */
  has(nodeId: NodeId, seconds: number): boolean {
    const certificate = this.#byId.get(nodeId);
    return certificate !== undefined && certificate.expires > seconds;
  }

  /** Takes one that was checked. outdated: of an earlier life than one that was seen before. new: nobody was told of it yet. */
  take(certificate: Certificate): 'new' | 'known' | 'outdated' {
    const known = this.#byId.get(certificate.nodeId);
    if (known !== undefined && certificate.epoch < known.epoch) return 'outdated';
    const isOlder = known !== undefined && certificate.epoch === known.epoch && certificate.issued < known.issued;
    this.#byId.set(certificate.nodeId, isOlder ? known : certificate);
    return isOlder || known?.signature === certificate.signature ? 'known' : 'new';
  }
}
