// Lookups of random keys from random nodes, and whether each ended where it should.

import { randomBytes } from 'node:crypto';
import { isCloser, type NodeId } from '../../client/src/core/pastry/id.ts';
import type { LookupResult } from '../../client/src/peer/api.ts';
import type { Fleet } from './fleet.ts';

const KEY_BYTES = 16;
/** At the same time. */
const AT_ONCE = 8;

export class LookupTally {
  right = 0;
  readonly faults: string[] = [];
  #hops = 0;
  #maxHops = 0;
  readonly #ms: number[] = [];

  get asked(): number {
    return this.right + this.faults.length;
  }

  get meanHops(): number {
    return this.#hops / this.right;
  }

  get maxHops(): number {
    return this.#maxHops;
  }

  /** Milliseconds within which this share of the right ones had their answer. */
  quantileMs(share: number): number {
    const sorted = this.#ms.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  }

  /** One lookup from a random node. Never rejects. */
  async lookUp(fleet: Fleet): Promise<void> {
    const before = new Set(fleet.ids());
    const from = randomOf([...before]);
    const key = randomBytes(KEY_BYTES).toString('hex');
    const startedAt = performance.now();
    try {
      const found = await fleet.lookup(from, key);
      const fault = faultOf(found, before, new Set(fleet.ids()));
      if (fault === undefined) this.#wasRight(found, performance.now() - startedAt);
      else this.faults.push(fault);
    } catch (error) {
      // Who asked was told to leave meanwhile: that says nothing about the ring.
      if (!fleet.ids().includes(from)) return;
      const [why] = String(error instanceof Error ? error.message : error).split('\n', 1);
      this.faults.push(`${key} from ${from}: ${why}`);
    }
  }

  #wasRight({ hops }: LookupResult, ms: number): void {
    this.right += 1;
    this.#hops += hops;
    this.#maxHops = Math.max(this.#maxHops, hops);
    this.#ms.push(ms);
  }
}

export async function lookUpMany(fleet: Fleet, count: number): Promise<LookupTally> {
  const tally = new LookupTally();
  let begun = 0;
  const some = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await tally.lookUp(fleet);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
  return tally;
}

export function randomOf(ids: readonly NodeId[]): NodeId {
  const id = ids[Math.floor(Math.random() * ids.length)];
  if (id === undefined) throw new Error('an empty ring');
  return id;
}

/** Wrong is a node that was there all the time and is closer than the one found. Newcomers and leavers may count or not. */
function faultOf(
  { key, root }: LookupResult,
  before: ReadonlySet<NodeId>,
  after: ReadonlySet<NodeId>,
): string | undefined {
  for (const id of before) {
    if (after.has(id) && id !== root && isCloser(key, id, root)) return `${key}: ${root} instead of ${id}`;
  }
  return undefined;
}
