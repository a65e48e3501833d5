// A member of the ring whose owner has changed what it keeps, hears and says: over real links (hostile-peer.ts) or under virtual
// time (client/test/peer/ring-liar.ts).

import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import type { Certificate } from '../../src/trust/certificate.ts';
import type { Manners } from './hostile-machine.ts';
import type { LyingStore } from './lying-store.ts';

export interface Liar {
  readonly nodeId: NodeId;
  readonly credentials: Pick<Scheme, 'certificate' | 'encoded' | 'sign'>;
  readonly store: LyingStore;
  /** From now on it treats what it hears and says so, too; the rest as an honest node does. */
  behave(manners: Partial<Manners>): void;
  /** As another node has shown it. */
  certificateOf(nodeId: NodeId): Certificate;
  /** Says it as it is. False if there is no link. */
  say(to: NodeId, message: Message): boolean;
}
