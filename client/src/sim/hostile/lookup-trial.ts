// Lookups by honest nodes in a ring with hostile ones, each judged against the truth when its answer comes: by the root that
// it names, be that one honest or not.

import type { Input, Output } from '../../core/io.ts';
import type { Key } from '../../core/pastry/id.ts';
import type { Cluster } from '../cluster.ts';
import type { Host } from '../host.ts';
import type { NetworkListener } from '../network.ts';

/** Started at once. */
const BATCH = 500;
const BATCH_LIMIT_MS = 120_000;
/** Far from the numbers of others' requests. */
const FIRST_REQUEST = 2_000_000_000;

interface Pending {
  readonly key: Key;
  readonly issuedAt: number;
}

export interface TrialResult {
  readonly issued: number;
  readonly reachedTrueRoot: number;
  /** Named another node. */
  readonly deceived: number;
  /** Named nobody. */
  readonly failed: number;
  readonly meanHops: number;
  /** Of the answered, ascending, milliseconds. */
  readonly timesMs: readonly number[];
}

export class LookupTrial implements NetworkListener {
  readonly #cluster: Cluster;
  readonly #pendingByRequest = new Map<number, Pending>();
  #lastRequest = FIRST_REQUEST;
  #reached = 0;
  #deceived = 0;
  #failed = 0;
  #hops = 0;
  readonly #timesMs: number[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.network.listen(this);
  }

  /** Looks `count` random keys up, each at a random one of `origins`. */
  run(count: number, origins: readonly Host[]): TrialResult {
    const { rng } = this.#cluster;
    for (let issued = 0; issued < count; issued += BATCH) {
      for (let index = issued; index < Math.min(count, issued + BATCH); index += 1) {
        const origin = rng.pick(origins);
        if (origin !== undefined) this.#issue(origin, this.#cluster.randomKey());
      }
      this.#cluster.runUntil(() => this.#pendingByRequest.size === 0, BATCH_LIMIT_MS);
    }
    return this.#result(count);
  }

  handled(_host: Host, _input: Input, outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type === 'looked-up') this.#ended(output.request, output.root, output.route.length - 1);
      if (output.type === 'lookup-failed' && this.#pendingByRequest.delete(output.request)) this.#failed += 1;
    }
  }

  #issue(origin: Host, key: Key): void {
    this.#lastRequest += 1;
    this.#pendingByRequest.set(this.#lastRequest, { key, issuedAt: this.#cluster.schedule.now });
    this.#cluster.network.deliver(origin, { type: 'lookup', request: this.#lastRequest, key });
  }

  #ended(request: number, root: string, hops: number): void {
    const pending = this.#pendingByRequest.get(request);
    if (pending === undefined) return;
    this.#pendingByRequest.delete(request);
    this.#hops += hops;
    this.#timesMs.push(this.#cluster.schedule.now - pending.issuedAt);
    if (root === this.#cluster.truth.ring.root(pending.key)) this.#reached += 1;
    else this.#deceived += 1;
  }

  #result(issued: number): TrialResult {
    const answered = this.#timesMs.length;
    return {
      issued,
      reachedTrueRoot: this.#reached / issued,
      deceived: this.#deceived,
      failed: this.#failed + this.#pendingByRequest.size,
      meanHops: answered === 0 ? 0 : this.#hops / answered,
      timesMs: [...this.#timesMs].sort((a, b) => a - b),
    };
  }
}
