// What each network address may still ask for, in the time of this Discovery node: requests, connections, checked
// signatures, guesses of passwords, new identities. An IPv6 /64 counts as one address.

import { BoundedMap } from '../client/src/core/bounded-map.ts';
import { TokenBucket } from '../client/src/core/token-bucket.ts';
import type { Role } from '../client/src/trust/certificate.ts';
import {
  ADDRESS_REQUEST_RATE,
  ADMISSIONS_REGAINED_PER_HOUR,
  CLIENT_ADMISSION_RATE,
  CONNECTION_RATE,
  ENTRY_RATE,
  MAX_ADDRESSES,
  PROOF_RATE,
} from './limits.ts';
import { addressGroup } from './networks.ts';

export interface AddressBudget {
  /** Beyond what each of its tabs may ask for anyway. */
  readonly requests: TokenBucket;
  readonly connections: TokenBucket;
  readonly proofs: TokenBucket;
  /** Wrong proofs of closed rings' secrets. */
  readonly wrongEntries: TokenBucket;
  /** New identities: nodes, and clients, which are no nodes. */
  readonly admissions: Readonly<Record<Role, TokenBucket>>;
}

export class AddressBudgets {
  readonly #admissions: number;
  readonly #now: () => number;
  readonly #budgetByGroup = new BoundedMap<string, AddressBudget>(MAX_ADDRESSES);

  /** `admissions`: new nodes that one address may bring at once. `now`: milliseconds on a clock that only moves forward. */
  constructor(admissions: number, now: () => number) {
    this.#admissions = admissions;
    this.#now = now;
  }

  of(address: string): AddressBudget {
    const group = addressGroup(address);
    const budget = this.#budgetByGroup.get(group) ?? this.#full();
    // Who asks is the last to be forgotten: a forgotten address has full budgets.
    this.#budgetByGroup.set(group, budget);
    return budget;
  }

  #full(): AddressBudget {
    const now = this.#now();
    const perSecond = (this.#admissions * ADMISSIONS_REGAINED_PER_HOUR) / 3_600;
    return {
      requests: new TokenBucket(ADDRESS_REQUEST_RATE, now),
      connections: new TokenBucket(CONNECTION_RATE, now),
      proofs: new TokenBucket(PROOF_RATE, now),
      wrongEntries: new TokenBucket(ENTRY_RATE, now),
      admissions: {
        node: new TokenBucket({ burst: this.#admissions, perSecond }, now),
        client: new TokenBucket(CLIENT_ADMISSION_RATE, now),
      },
    };
  }
}
