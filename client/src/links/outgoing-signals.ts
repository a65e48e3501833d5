// Signals as they leave: signed, and handed to the way that leads to their target.

import type { NodeId } from '../core/pastry/id.ts';
import type { SignalWay } from '../peer/ports.ts';
import type { LinkCounter } from './link-counters.ts';
import { encodeSignal, type Signal } from './signal.ts';
import type { SignalProofs } from './signal-proofs.ts';
import type { Signalling } from './signalling.ts';
import type { SignedPostOptions } from './signed-post.ts';

export interface OutgoingSignalsHost {
  readonly proofs: SignalProofs;
  readonly discovery: Signalling;
  /** Carries through the ring; false if there is no link into it. */
  readonly ring: (peer: NodeId, text: string) => boolean;
  readonly count: (what: LinkCounter) => void;
}

export class OutgoingSignals {
  readonly #host: OutgoingSignalsHost;
  /** What was being signed in a former one is not said any more. */
  #life = 0;

  constructor(host: OutgoingSignalsHost) {
    this.#host = host;
  }

  /** What an attempt at a link needs for its post. `way`: the one by which the other end was heard already. */
  postTo(peer: NodeId, way?: SignalWay): Omit<SignedPostOptions, 'handedOn' | 'lost'> {
    const { proofs, discovery, ring, count } = this.#host;
    return { peer, way, discovery, ring, count, sign: (body) => proofs.sign(peer, body) };
  }

  /** Says what belongs to no attempt of this node's. Only a courtesy: without it the other end notices by its own timer. */
  tell(peer: NodeId, signal: Signal, way: SignalWay): void {
    const { proofs, discovery, ring, count } = this.#host;
    const life = this.#life;
    const unsent = (): void => count('signalsUnsent');
    proofs.sign(peer, encodeSignal(signal)).then((text) => {
      if (life !== this.#life) return;
      if (way === 'ring' && ring(peer, text)) return count('signalsByRing');
      discovery.send(peer, text).then(() => count('signalsByDiscovery'), unsent);
    }, unsent);
  }

  /** What is being signed now is not said. */
  forget(): void {
    this.#life += 1;
  }
}
