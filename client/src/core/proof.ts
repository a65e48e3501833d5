// Who says it: with a proof goes what somebody signed, through hands that could change it. The core makes and checks none:
// between the links and the core stands a gate (gate/) that signs what is this node's own and lets no false proof in. So
// every proof that the core sees is true; and of what this node says itself it is undefined, until the gate has signed it.

import type { NodeId } from './pastry/id.ts';

export interface Proof {
  /** Who says it, as its certificate tells. */
  readonly by: NodeId;
  /** The browser profile or machine that it runs on, as its certificate tells: nodes of one device fail, and lie, together. */
  readonly device: string;
  /** The certificate as text (trust/certificate.ts). */
  readonly certificate: string;
  /** Of the statement, base64url. Empty if the speaker's own link proved it. */
  readonly signature: string;
}
