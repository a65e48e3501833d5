// The Discovery node's relay for frames, as links use it (server-relay.ts): over the same socket as everything else.

import * as v from 'valibot';
import { MAX_RELAY_BYTES } from '../../../signaling/relay-protocol.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { isId } from '../core/pastry/id.ts';
import { Relayed, refusal } from './discovery-answers.ts';
import type { ServerRelay } from './server-relay.ts';
import type { SignalingClient } from './signaling-client.ts';

const Frame = v.object({ from: v.string(), bytes: v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)]) });

export function discoveryRelay(client: Pick<SignalingClient, 'ask' | 'wire' | 'params'>): ServerRelay {
  return {
    async carry(to, bytes) {
      const answer = await client.ask('frame', { to, bytes });
      if (!v.is(Relayed, answer)) throw refusal(answer);
    },
    listen(handler) {
      client.wire.onFrame((frame, received) => {
        const read = v.safeParse(Frame, frame);
        if (!read.success || !isId(read.output.from, client.params.digits)) return;
        const { from, bytes } = read.output;
        // Browsers get buffers, Node a view of what came.
        const piece = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
        if (piece.length > MAX_RELAY_BYTES) return;
        void handler(from as NodeId, piece).then(received);
      });
    },
  };
}
