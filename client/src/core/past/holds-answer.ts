// What a node answers to who asks which blocks it holds (P37): each for itself, so of a copy that another one keeps in its
// place it says no more than where that is.

import type { PastContext } from './context.ts';
import type { Holds, HoldsRequest } from './messages.ts';
import { MAX_ORDERS_OF_OFFER } from './placements.ts';
import type { PointedAt } from './pointers.ts';
import { receiptOf } from './receipts.ts';

export function holdsAnswer(context: PastContext, { key, digests, orders }: HoldsRequest, isLeaving: boolean): Holds {
  const { held, pointers, replicas } = context;
  const here: string[] = [];
  const missing: string[] = [];
  const diverted: PointedAt[] = [];
  for (const digest of digests) {
    const target = pointers.get(digest)?.target;
    if (!isLeaving && held.has(digest)) here.push(digest);
    else if (!isLeaving && target !== undefined) diverted.push({ digest, target });
    else missing.push(digest);
  }
  const wanted = orders.slice(0, MAX_ORDERS_OF_OFFER).filter((order) => here.includes(order.digest));
  const members = context.view().replicaSet(key, replicas);
  return { type: 'holds', digests: here, missing, pointers: diverted, receipts: wanted.map(receiptOf), members };
}
