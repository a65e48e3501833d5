// The signals of a light client: by its sponsor into the ring, and answers back the same way (core/pastry/reachability/signals.ts).

import { BoundedMap } from '../core/bounded-map.ts';
import type { Output } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { ReplyPayload, Routed } from '../core/pastry/messages.ts';
import type { NodeHandle } from '../core/pastry/node-handle.ts';
import { NOT_HERE } from '../core/pastry/reachability/signals.ts';

/** Signals whose answers are known for what they are: a few for each of the links that may open at once. */
const MAX_SIGNALS = 256;

export class LightSignals {
  readonly #self: NodeHandle;
  readonly #targetById = new BoundedMap<string, NodeId>(MAX_SIGNALS);

  constructor(self: NodeHandle) {
    this.#self = self;
  }

  /** Without a linked sponsor nobody takes it, and the Discovery node must. `sending`: a new id and token. */
  sent(to: NodeId, data: string, sending: Pick<Routed, 'id' | 'token'>, sponsor: NodeId | undefined): Output {
    if (sponsor === undefined) return { type: 'signal', from: to, data: NOT_HERE };
    this.#targetById.set(sending.id, to);
    const payload = { kind: 'signal', data } as const;
    const route = [this.#self.nodeId];
    return { type: 'send', to: sponsor, message: { type: 'routed', ...sending, key: to, route, payload } };
  }

  /** The signal that an answer brings; undefined if it is none, or nobody asked. */
  answered(id: string, payload: ReplyPayload): Output | undefined {
    const from = this.#targetById.get(id);
    return payload.kind === 'signal' && from !== undefined ? { type: 'signal', from, data: payload.data } : undefined;
  }
}
