// Lies about copies: says that it holds what it does not keep, and proves it with what it makes up; as root, tells storers of
// copies that nobody has, and those who fetch of no holder but itself.

import { randomBytes } from 'node:crypto';
import type { Offer } from '../../src/core/past/messages.ts';
import type { Receipt } from '../../src/core/past/receipts.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import type { HostilePeer } from './hostile-peer.ts';

/** Keeps nothing, not even what it had, and does as if it did. */
export function holdNothing(hostile: HostilePeer): void {
  hostile.store.isEmpty = true;
  hostile.behave({
    hear: (input) => {
      if (input.type === 'block-lost') return [];
      if (input.type !== 'proved' || input.hash !== undefined) return [input];
      return [{ ...input, hash: randomBytes(32).toString('hex') }];
    },
  });
}

/** To each store that it is offered it reports copies on these nodes, with receipts that it makes up, and takes nothing. */
export function reportCopies(hostile: HostilePeer, holders: readonly NodeId[]): void {
  hostile.store.isEmpty = true;
  hostile.behave({
    hear: (input) => {
      if (input.type !== 'message' || input.message.type !== 'offer' || input.message.intent !== 'store')
        return [input];
      void report(hostile, input.from, input.message, holders);
      return [];
    },
  });
}

/** Where it is asked who has a block, it names nobody, or itself, and then does not give it. */
export function hideHolders(hostile: HostilePeer, namesItself: boolean): void {
  hostile.store.isEmpty = true;
  hostile.behave({
    hear: (input) => (input.type === 'block-lost' ? [] : [input]),
    speak: (output) => {
      if (output.type !== 'send' || output.message.type !== 'reply') return [output];
      const { message } = output;
      const { payload, asked } = message;
      if (payload.kind !== 'holders' || asked === undefined) return [output];
      const holders = namesItself ? [hostile.nodeId] : [];
      return [{ ...output, message: { ...message, payload: { ...payload, holders } } }];
    },
  });
}

async function report(hostile: HostilePeer, to: NodeId, offer: Offer, holders: readonly NodeId[]): Promise<void> {
  const { credentials } = hostile.discovery;
  for (const { digest, size, receiptFor } of offer.orders) {
    const slip = { digest, size, receiptFor };
    const signature = await credentials.sign('receipt', [receiptFor, digest, size]);
    const { device } = credentials.certificate;
    const own: Receipt = {
      ...slip,
      proof: { by: hostile.nodeId, device, certificate: credentials.encoded, signature },
    };
    const forged = holders.map((by): Receipt => {
      const certificate = hostile.certificateOf(by);
      return {
        ...slip,
        proof: { by, device: certificate.device, certificate: encodeCertificate(certificate), signature },
      };
    });
    hostile.say(to, { type: 'copies', digest, holders, receipts: [own, ...forged], wanted: holders.length });
    hostile.say(to, { type: 'holding', digests: [digest], receipts: [own, ...forged] });
  }
}
