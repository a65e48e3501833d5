// Nodes come and go: at each step one peer leaves, by turns with and without handing its blocks over, and one joins.
// Meanwhile keys are looked up, and what the ring costs is measured.

import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../../client/src/core/pastry/id.ts';
import type { Fleet } from './fleet.ts';
import { LookupTally, randomOf } from './lookups.ts';
import type { ScaleOptions } from './options.ts';
import { peakLinksOf, type Sample, takeSample } from './sample.ts';
import type { TabMeter } from './tabs.ts';

/** A measure costs each process a garbage collection. */
const SAMPLE_MS = 40_000;
/** A link that a join opened above the cap is closed after it has been idle for a second, unless much is going on. */
const JOIN_LINGERS_MS = 5_000;

export class Churn {
  readonly samples: Sample[] = [];
  readonly lookups = new LookupTally();
  /** Joins and partings that failed, in words. */
  readonly faults: string[] = [];
  readonly joinMs: number[] = [];
  left = 0;
  /** Links of the busiest node beyond the cap and one for each join in flight; 0 or less is within the bound. */
  worstExcess = Number.NEGATIVE_INFINITY;
  readonly #fleet: Fleet;
  readonly #meter: TabMeter;
  readonly #options: ScaleOptions;
  readonly #tell: (sample: Sample, before: Sample | undefined) => void;
  readonly #startedAt = performance.now();
  readonly #underWay = new Set<Promise<void>>();
  #isMeasuring = false;
  #joining = 0;
  /** Since the last sample. */
  #peakJoining = 0;

  constructor(
    fleet: Fleet,
    meter: TabMeter,
    options: ScaleOptions,
    tell: (sample: Sample, before: Sample | undefined) => void,
  ) {
    this.#fleet = fleet;
    this.#meter = meter;
    this.#options = options;
    this.#tell = tell;
  }

  async run(): Promise<void> {
    const { minutes, every } = this.#options;
    const endAt = this.#startedAt + minutes * 60_000;
    await this.#sample();
    let sampledAt = performance.now();
    let nextStepAt = this.#startedAt;
    for (let step = 0; performance.now() < endAt; step += 1) {
      const leaving = randomOf(this.#fleet.peerIds());
      this.#begin('join', this.#join(leaving));
      this.#begin('leave', this.#part(leaving, step));
      this.#begin('lookup', this.lookups.lookUp(this.#fleet));
      if (performance.now() >= sampledAt + SAMPLE_MS && !this.#isMeasuring) {
        sampledAt = performance.now();
        this.#begin('measure', this.#sample());
      }
      // What a pause of the machine made late is not made up for in a burst.
      nextStepAt = Math.max(nextStepAt + every * 1000, performance.now());
      await delay(nextStepAt - performance.now());
    }
    await Promise.all(this.#underWay);
    await this.#sample();
  }

  /** Lets something go on by itself; how it fails is kept. */
  #begin(what: string, work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => {
        this.faults.push(`${what}: ${error instanceof Error ? error.message : error}`);
      })
      .finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }

  async #join(beside: NodeId): Promise<void> {
    this.#joining += 1;
    this.#peakJoining = Math.max(this.#peakJoining, this.#joining);
    const beganAt = performance.now();
    try {
      await this.#fleet.join(beside);
      this.joinMs.push(performance.now() - beganAt);
      await delay(JOIN_LINGERS_MS);
    } finally {
      this.#joining -= 1;
    }
  }

  async #part(id: NodeId, step: number): Promise<void> {
    await this.#fleet.part(id, step % 2 === 0 ? 'leave' : 'goodbye');
    this.left += 1;
  }

  async #sample(): Promise<void> {
    const inFlight = this.#peakJoining;
    this.#peakJoining = this.#joining;
    this.#isMeasuring = true;
    const sample = await takeSample(this.#fleet, this.#meter, this.#startedAt).finally(() => {
      this.#isMeasuring = false;
    });
    this.worstExcess = Math.max(this.worstExcess, peakLinksOf(sample) - this.#options.cap - inFlight);
    this.#tell(sample, this.samples.at(-1));
    this.samples.push(sample);
  }
}
