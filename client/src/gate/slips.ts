// Orders and receipts of stores (core/past/receipts.ts): signed by whose word they are, whoever passes them on. What is false
// is left out of its message: the rest of it is its sender's own, and may be true.

import { isPastMessage, type Message } from '../core/messages.ts';
import type { PastMessage } from '../core/past/messages.ts';
import { type SlipStatement, statementsIn, withProofs } from '../core/past/receipts.ts';
import type { Proof } from '../core/proof.ts';
import type { LeaseProofs } from './leases.ts';
import { type Soon, whenAllKnown, whenKnown } from './soon.ts';
import type { Witness } from './witness.ts';
import type { Words } from './words.ts';

/** The messages that may have some, or leases. */
export const MESSAGES_WITH_SLIPS: readonly PastMessage['type'][] = [
  ...(['offer', 'holding', 'copies', 'holds?', 'holds'] as const),
  ...(['leases', 'divert', 'diverted'] as const),
];

export class Slips implements Words {
  readonly #witness: Witness;
  readonly #leases: LeaseProofs;
  readonly #count: (cause: string) => void;

  constructor(witness: Witness, leases: LeaseProofs, count: (cause: string) => void) {
    this.#witness = witness;
    this.#leases = leases;
    this.#count = count;
  }

  signed(message: Message): Soon<Message | undefined> {
    return this.#mapped(message, ({ kind, parts, proof }) => proof ?? this.#witness.sign(kind, parts));
  }

  proved(message: Message): Soon<Message | undefined> {
    const proved = this.#mapped(message, (statement) => this.#believed(statement));
    return whenKnown(proved, (known) => this.#leases.proved(known));
  }

  #mapped(message: Message, prove: (statement: SlipStatement) => Soon<Proof | undefined>): Soon<Message> {
    const statements = isPastMessage(message) ? statementsIn(message) : [];
    if (!isPastMessage(message) || statements.length === 0) return message;
    return whenKnown(whenAllKnown(statements.map(prove)), (proofs) => withProofs(message, proofs));
  }

  #believed({ kind, parts, proof }: SlipStatement): Soon<Proof | undefined> {
    if (proof === undefined) return this.#refuse(kind, 'not signed');
    // Who stores need not be in the ring; who holds must.
    return whenKnown(this.#witness.fault(proof, kind, parts, { fromClients: kind === 'order' }), (fault) =>
      fault === undefined ? proof : this.#refuse(kind, fault),
    );
  }

  /** Who brought it need not be who made it up. */
  #refuse(kind: SlipStatement['kind'], why: string): undefined {
    this.#count(`${kind}s refused: ${why}`);
  }
}
