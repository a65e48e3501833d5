// How two nodes exchange what they need to open a link, before they have one. The Discovery node carries it first
// (signaling-client.ts); the ring itself can stand beside it.

import type { NodeId } from '../core/pastry/id.ts';

export interface Signalling {
  /** Resolves once the signal was handed on. Rejects with a SignallingError. Signals to one node stay in order. */
  send(to: NodeId, signal: string): Promise<void>;
  /** Whom to give arriving signals; `from` is what the carrier says. A later call replaces the handler. */
  listen(handler: (from: NodeId, signal: string) => void): void;
}

/**
 * unknown-peer: nobody has this id; away: the carrier cannot be reached now; timed-out: it did not answer;
 * refused: it refused, because of its limits.
 */
export type SignallingFailure = 'unknown-peer' | 'away' | 'timed-out' | 'refused';

export class SignallingError extends Error {
  readonly reason: SignallingFailure;

  constructor(reason: SignallingFailure, message: string) {
    super(message);
    this.name = 'SignallingError';
    this.reason = reason;
  }
}
