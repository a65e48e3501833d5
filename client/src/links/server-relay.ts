// What a node's links need of a Discovery node that carries frames as a last resort.

import type { NodeId } from '../core/pastry/id.ts';

export interface ServerRelay {
  /** Resolves when the other node has the piece. Rejects with a SignallingError. Pieces to one node stay in order. */
  carry(to: NodeId, piece: Uint8Array): Promise<void>;
  /** Whom to give arriving pieces; `from` is what the carrier says. The sender hears that it has arrived when this has resolved. */
  listen(handler: (from: NodeId, piece: Uint8Array) => Promise<void>): void;
}
