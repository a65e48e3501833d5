// Nodes come and go, with exponential sessions and a constant number of nodes; lookups at a steady rate (MSPastry,
// section 5; Bamboo, section 3). Nodes die without a word, as in both papers.

import { isLeafSetExact } from './checkers.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';

/** How often some leaf sets are compared with the truth, and how many. */
const SAMPLE_INTERVAL_MS = 10_000;
const SAMPLE_SIZE = 20;

export interface ChurnOptions {
  readonly medianSessionMs: number;
  /** Lookups a node and second. */
  readonly lookupRate: number;
}

export class ChurnLoad {
  readonly #cluster: Cluster;
  readonly #options: ChurnOptions;
  #nodeMs = 0;
  #lastChangeAt = 0;
  #population = 0;
  #sampled = 0;
  #exact = 0;
  #isEnding = false;
  deaths = 0;

  constructor(cluster: Cluster, options: ChurnOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Gives every present node the rest of a session, and starts lookups and samples. */
  start(): void {
    const { cluster } = this.#parts();
    for (const host of cluster.hosts) this.#liveOut(host);
    this.#population = cluster.hosts.size;
    this.resetCounts();
    this.#ask();
    this.#sample();
  }

  /** No more lookups; nodes still come and go. */
  stopLookups(): void {
    this.#isEnding = true;
  }

  resetCounts(): void {
    this.#nodeMs = 0;
    this.#lastChangeAt = this.#cluster.schedule.now;
    this.#sampled = 0;
    this.#exact = 0;
    this.deaths = 0;
  }

  /** Sum over nodes of the time that they ran. */
  get nodeSeconds(): number {
    this.#advance();
    return this.#nodeMs / 1000;
  }

  /** Share of sampled active nodes whose leaf set was exactly the true one. */
  get leafSetExactShare(): number {
    return this.#sampled === 0 ? 0 : this.#exact / this.#sampled;
  }

  #parts(): { readonly cluster: Cluster; readonly meanSessionMs: number } {
    return { cluster: this.#cluster, meanSessionMs: this.#options.medianSessionMs / Math.LN2 };
  }

  #liveOut(host: Host): void {
    const { cluster, meanSessionMs } = this.#parts();
    cluster.schedule.after(cluster.rng.exponential(meanSessionMs), () => {
      this.deaths += 1;
      cluster.crash(host);
      this.#liveOut(cluster.join());
      this.#advance();
      this.#population = cluster.hosts.size;
    });
  }

  #ask(): void {
    const { cluster } = this.#parts();
    const meanGapMs = 1000 / (this.#options.lookupRate * Math.max(1, this.#population));
    cluster.schedule.after(cluster.rng.exponential(meanGapMs), () => {
      if (this.#isEnding) return;
      const host = this.#randomActive();
      if (host !== undefined) cluster.lookups.issue(host, cluster.randomKey());
      this.#ask();
    });
  }

  #sample(): void {
    const { cluster } = this.#parts();
    cluster.schedule.after(SAMPLE_INTERVAL_MS, () => {
      for (let count = 0; count < SAMPLE_SIZE; count += 1) {
        const host = this.#randomActive();
        if (host === undefined) continue;
        this.#sampled += 1;
        if (isLeafSetExact(host.machine.inspect(), cluster.truth.ring, cluster.options.params)) this.#exact += 1;
      }
      this.#sample();
    });
  }

  #randomActive(): Host | undefined {
    const { cluster } = this.#parts();
    const id = cluster.rng.pick(cluster.truth.ring.ids);
    return id === undefined ? undefined : cluster.network.hostOf(id);
  }

  #advance(): void {
    const { now } = this.#cluster.schedule;
    this.#nodeMs += this.#population * (now - this.#lastChangeAt);
    this.#lastChangeAt = now;
  }
}
