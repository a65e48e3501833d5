// Who said something and how that is known: the node at a link's far end, or one that sealed what a third has brought.

import type { NodeId } from '../core/pastry/id.ts';
import type { Certificate } from '../trust/certificate.ts';

export interface Speaker {
  readonly peer: NodeId;
  /** Checked; its nodeId is `peer`. */
  readonly certificate: Certificate;
}
