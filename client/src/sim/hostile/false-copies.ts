// What colluders do as holders: they say that they have what they are offered, with receipts of their own, and have nothing. As
// roots, true or false, they name each other as holders. Each signs for itself, so that no receipt is forged.

import type { Message } from '../../core/messages.ts';
import type { Offer } from '../../core/past/messages.ts';
import type { Order, Receipt } from '../../core/past/receipts.ts';
import type { NodeId } from '../../core/pastry/id.ts';
import type { Proof } from '../../core/proof.ts';
import type { Colluders } from './colluders.ts';

/** What `self` answers to what it is told as a holder. Undefined: it does what every node does; empty: nothing. */
export function falseCopies(
  message: Message,
  self: NodeId,
  replicas: number,
  colluders: Colluders,
): readonly Message[] | undefined {
  switch (message.type) {
    case 'offer':
      return answersToOffer(message, self, replicas, colluders);
    // A truth would give it away, and of what it has not read it can make no proof.
    case 'prove':
    case 'holds?':
      return [];
    default:
      return undefined;
  }
}

function answersToOffer({ blocks, intent, orders }: Offer, self: NodeId, replicas: number, colluders: Colluders) {
  const holdersOf = (key: NodeId): readonly NodeId[] =>
    intent === 'store' ? [self, ...colluders.closest(key, replicas - 1, self)] : [self];
  return blocks.map(({ digest, key }): Message => {
    const holders = holdersOf(key);
    const ordered = orders.filter((order) => order.digest === digest);
    const receipts = ordered.flatMap((order) => holders.flatMap((holder) => receiptBy(holder, order, colluders)));
    if (intent === 'replicate') return { type: 'holding', digests: [digest], receipts };
    return { type: 'copies', digest, holders, receipts, wanted: replicas };
  });
}

function receiptBy(holder: NodeId, { digest, size, receiptFor }: Order, colluders: Colluders): Receipt[] {
  const scheme = colluders.schemeOf(holder);
  const signature = scheme?.sign('receipt', [receiptFor, digest, size]);
  // The simulator's scheme signs at once.
  if (scheme === undefined || typeof signature !== 'string') return [];
  const { nodeId: by, device } = scheme.certificate;
  const proof: Proof = { by, device, certificate: scheme.encoded, signature };
  return [{ digest, size, receiptFor, proof }];
}
