// Leases (core/past/lease.ts): each is signed by its owner, whose key stands in it, so whoever brings it proves nothing. What is
// false is left out of its message, with the leases behind it: the rest of the message may be true.

import { BoundedSet } from '../core/bounded-map.ts';
import type { Message } from '../core/messages.ts';
import { type Lease, leaseParts, UNOWNED } from '../core/past/lease.ts';
import type { Scheme } from './scheme.ts';
import { type Soon, whenKnown } from './soon.ts';

/** Leases found right, which come again with each round of repair: those of some thousand blocks. */
const MAX_REMEMBERED = 8_192;

export class LeaseProofs {
  readonly #scheme: Scheme;
  readonly #count: (cause: string) => void;
  readonly #right = new BoundedSet<string>(MAX_REMEMBERED);

  constructor(scheme: Scheme, count: (cause: string) => void) {
    this.#scheme = scheme;
    this.#count = count;
  }

  /**
   * A message with those of its leases that their owners signed, up to the first that is wrong: whoever has leases has checked
   * them, so the rest is not worth its signatures, and a flood of wrong ones costs one check a message.
   */
  proved(message: Message): Soon<Message> {
    if (!('leases' in message) || message.leases.length === 0) return message;
    const { leases } = message;
    return whenKnown(this.#countRight(leases, 0), (right) => ({ ...message, leases: leases.slice(0, right) }));
  }

  /** How many are right from the first on, `known` of which are. */
  #countRight(leases: readonly Lease[], known: number): Soon<number> {
    const next = leases[known];
    if (next === undefined) return known;
    return whenKnown(this.#isRight(next), (isRight) => (isRight ? this.#countRight(leases, known + 1) : known));
  }

  #isRight(lease: Lease): Soon<boolean> {
    const { owner: signKey, signature } = lease;
    // Nobody's: what it may be good for is the core's to judge.
    if (signKey === UNOWNED) return signature === '' || this.#refuse();
    const parts = leaseParts(lease);
    const name = [signKey, signature, ...parts].join(' ');
    if (this.#right.has(name)) return true;
    return whenKnown(this.#scheme.verify({ signKey }, signature, 'lease', parts), (isRight) => {
      if (!isRight) return this.#refuse();
      this.#right.add(name);
      return true;
    });
  }

  /** Who brought it need not be who made it up. */
  #refuse(): false {
    this.#count('leases refused: a signature that is wrong');
    return false;
  }
}
