// Lies about copies: says that it holds what it does not keep, and proves it with what it makes up; as root, tells storers of
// copies that nobody has, and those who fetch of no holder but itself.

import { randomBytes } from 'node:crypto';
import type { Offer } from '../../src/core/past/messages.ts';
import type { Receipt } from '../../src/core/past/receipts.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import type { Liar } from './liar.ts';

/** What it does where it is asked to show what it holds: makes something up, says nothing, or says that it holds nothing. */
export type Evasion = 'wrong' | 'silent' | 'denied';

/** Keeps nothing, not even what it had, and does as if it did. */
export function holdNothing(liar: Liar, evasion: Evasion = 'wrong'): void {
  liar.store.isEmpty = true;
  liar.behave({
    hear: (input) => {
      if (input.type === 'block-lost') return [];
      if (input.type !== 'proved' || input.hash !== undefined || evasion === 'denied') return [input];
      return evasion === 'silent' ? [] : [{ ...input, hash: randomBytes(32).toString('hex') }];
    },
  });
}

/** To each store that it is offered it reports copies on these nodes, with receipts that it makes up, and takes nothing. */
export function reportCopies(liar: Liar, holders: readonly NodeId[]): void {
  liar.store.isEmpty = true;
  liar.behave({
    hear: (input) => {
      if (input.type !== 'message' || input.message.type !== 'offer' || input.message.intent !== 'store')
        return [input];
      void report(liar, input.from, input.message, holders);
      return [];
    },
  });
}

/** Where it is asked who has a block, it names nobody, or itself, and then does not give it. */
export function hideHolders(liar: Liar, namesItself: boolean): void {
  liar.store.isEmpty = true;
  liar.behave({
    hear: (input) => (input.type === 'block-lost' ? [] : [input]),
    speak: (output) => {
      if (output.type !== 'send' || output.message.type !== 'reply') return [output];
      const { message } = output;
      const { payload, asked } = message;
      if (payload.kind !== 'holders' || asked === undefined) return [output];
      const holders = namesItself ? [liar.nodeId] : [];
      return [{ ...output, message: { ...message, payload: { ...payload, holders } } }];
    },
  });
}

async function report(liar: Liar, to: NodeId, offer: Offer, holders: readonly NodeId[]): Promise<void> {
  const { credentials } = liar;
  for (const { digest, size, receiptFor } of offer.orders) {
    const slip = { digest, size, receiptFor };
    const signature = await credentials.sign('receipt', [receiptFor, digest, size]);
    const { device } = credentials.certificate;
    const own: Receipt = {
      ...slip,
      proof: { by: liar.nodeId, device, certificate: credentials.encoded, signature },
    };
    const forged = holders.map((by): Receipt => {
      const certificate = liar.certificateOf(by);
      return {
        ...slip,
        proof: { by, device: certificate.device, certificate: encodeCertificate(certificate), signature },
      };
    });
    liar.say(to, { type: 'copies', digest, holders, receipts: [own, ...forged], wanted: holders.length });
    liar.say(to, { type: 'holding', digests: [digest], receipts: [own, ...forged] });
  }
}
