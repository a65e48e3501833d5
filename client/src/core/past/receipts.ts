// Orders and receipts (PAST, SOSP 2001, section 2.1: a file certificate goes out with an insert, store receipts come back).
// Both travel through hands that could change them, so each is signed by whose word it is; the gate signs and checks them.

import type { Proof } from '../proof.ts';
import type { PastMessage } from './messages.ts';

/** What both say: which block, and of which store. */
interface Slip {
  readonly digest: string;
  /** Length of the block. */
  readonly size: number;
  /** Names one store of one storer: 32 random hex characters, so that an earlier store's receipt is none for this one. */
  readonly receiptFor: string;
  /** Undefined if it is this node's own, and not signed yet. */
  readonly proof: Proof | undefined;
}

/** Its speaker stores this block, wants a receipt of each node that keeps it, and is charged with the room. */
export interface Order extends Slip {}

/** Its speaker holds this block, durably. */
export interface Receipt extends Slip {}

/** What is signed of an order or a receipt, and by whom. */
export interface SlipStatement {
  readonly kind: 'order' | 'receipt';
  readonly parts: readonly [receiptFor: string, digest: string, size: number];
  readonly proof: Proof | undefined;
}

/** All that is signed, or is to be, in a message; in the order in which `withProofs` wants the proofs. */
export function statementsIn(message: PastMessage): readonly SlipStatement[] {
  const kind = message.type === 'offer' || message.type === 'holds?' || message.type === 'divert' ? 'order' : 'receipt';
  return slipsIn(message).map(({ receiptFor, digest, size, proof }) => {
    return { kind, parts: [receiptFor, digest, size], proof };
  });
}

/** The same message with these proofs; without the orders and receipts for which there is none. */
export function withProofs(message: PastMessage, proofs: readonly (Proof | undefined)[]): PastMessage {
  const slips = slipsIn(message)
    .map((slip, index) => ({ ...slip, proof: proofs[index] }))
    .filter(({ proof }) => proof !== undefined);
  switch (message.type) {
    case 'offer':
    case 'holds?':
    case 'divert':
      return { ...message, orders: slips };
    case 'holding':
    case 'holds':
    case 'diverted':
    case 'copies':
      return { ...message, receipts: slips };
    default:
      return message;
  }
}

/** What this node answers to an order once it has the block. */
export function receiptOf({ digest, size, receiptFor }: Order): Receipt {
  return { digest, size, receiptFor, proof: undefined };
}

function slipsIn(message: PastMessage): readonly Slip[] {
  switch (message.type) {
    case 'offer':
    case 'holds?':
    case 'divert':
      return message.orders;
    case 'holding':
    case 'holds':
    case 'diverted':
    case 'copies':
      return message.receipts;
    default:
      return [];
  }
}
