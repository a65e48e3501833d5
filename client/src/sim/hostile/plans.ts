// What colluders do with a routed message that one of them has in hand: one mixture of all that they could do.

import type { NodeId } from '../../core/pastry/id.ts';
import type { Routed } from '../../core/pastry/messages.ts';
import type { Colluders, Plan } from './colluders.ts';

const SWALLOW: Plan = { type: 'swallow' };
const PASS: Plan = { type: 'pass' };

/** Shares of what is done with lookups; the rest is a claim by whoever has it in hand, be it ever so far from the key. */
const SWALLOWED = 0.25;
const CLIQUES = 0.3;
const THIN = 0.3;
/** Of questions who is closest to a key that are not answered; the others are answered falsely. */
const CLOSEST_SWALLOWED = 0.2;
/** Of joins and of searches for blocks: swallowed; claimed. The rest passes, since who is always caught is soon alone. */
const OTHERS_SWALLOWED = 0.2;
const OTHERS_CLAIMED = 0.6;

export function planFor({ key, payload, route }: Routed, self: NodeId, colluders: Colluders): Plan {
  const { rng } = colluders;
  const [origin] = route;
  // They look up and join in earnest themselves.
  if (origin !== undefined && colluders.has(origin)) return PASS;
  const draw = rng.float();
  if (payload.kind === 'closest') {
    // Who is the root in truth has all that a lie could bring, and stays in its place.
    if (draw < CLOSEST_SWALLOWED && colluders.everybody.root(key) !== self) return SWALLOW;
    return { type: 'claim', as: self, neighbours: draw < 0.6 ? 'clique' : 'thin' };
  }
  const as = colluders.closest(key, 1, payload.kind === 'join' ? payload.joiner.nodeId : undefined)[0] ?? self;
  if (payload.kind !== 'lookup') {
    if (draw < OTHERS_SWALLOWED) return SWALLOW;
    return draw < OTHERS_SWALLOWED + OTHERS_CLAIMED ? { type: 'claim', as, neighbours: 'clique' } : PASS;
  }
  if (draw < SWALLOWED) return SWALLOW;
  if (draw < SWALLOWED + CLIQUES) return { type: 'claim', as, neighbours: 'clique' };
  if (draw < SWALLOWED + CLIQUES + THIN) return { type: 'claim', as, neighbours: 'thin' };
  return { type: 'claim', as: self, neighbours: 'thin' };
}
