// The last minutes of the ring as this tab saw them, bounded: what happened, and what it knew then.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { LookupResult, PeerEvent } from '../../peer/api.ts';
import type { RingFacts } from '../text/ring/facts.ts';
import {
  changedParts,
  type Happening,
  hopsOf,
  isShown,
  type Moment,
  type RoutingRule,
  routedOf,
} from '../text/ring/moment.ts';

/** Some minutes of a busy ring; of a quiet one half an hour. Facts that did not change are shared, so a moment takes some hundred bytes. */
export const MAX_MOMENTS = 1_500;
export const MAX_AGE_MS = 30 * 60_000;

export class RingRecording {
  readonly #now: () => number;
  #moments: Moment[] = [];
  #count = 0;
  /** What happened since the facts were last looked at. */
  #pending: { readonly happening: Happening; readonly at: number }[] = [];
  readonly #newest = signal(0);

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The number of the newest moment; 0 while there is none. */
  get newest(): ReadonlySignal<number> {
    return this.#newest;
  }

  /** The number of the oldest that is kept; 0 while there is none. */
  get oldest(): number {
    return this.#moments[0]?.number ?? 0;
  }

  /** What is not shown in the picture is left out. */
  add(event: PeerEvent, at = this.#now()): void {
    if (isShown(event)) this.#wait({ kind: 'event', event }, at);
  }

  /** A lookup of this tab's has come back. */
  addLookup(lookup: LookupResult): void {
    for (const hop of hopsOf(lookup, this.#ruleOf(lookup))) this.#wait(hop, this.#now());
  }

  /** What this tab knows now; `facts` that are the same object as the last did not change. */
  look(facts: RingFacts): void {
    const at = this.#now();
    const pending = this.#pending;
    this.#pending = [];
    const last = this.#moments.at(-1);
    if (pending.length === 0 && last?.facts === facts) return;
    const changed = { kind: 'changed', parts: changedParts(facts, last?.facts) } as const;
    const all = pending.length === 0 ? [{ happening: changed, at }] : pending;
    for (const each of all) {
      this.#count += 1;
      this.#moments.push({ number: this.#count, ...each, facts });
    }
    this.#forget(at);
    this.#newest.value = this.#count;
  }

  /** Undefined if it is forgotten, or yet to come. */
  get(number: number): Moment | undefined {
    return this.#moments[number - this.oldest];
  }

  /** All up to the one of this number, oldest first. */
  upTo(number: number): readonly Moment[] {
    return this.#moments.slice(0, Math.max(0, number - this.oldest + 1));
  }

  /** The latest facts; undefined while there are none. */
  get facts(): RingFacts | undefined {
    return this.#moments.at(-1)?.facts;
  }

  #wait(happening: Happening, at: number): void {
    this.#pending.push({ happening, at });
    if (this.#pending.length > MAX_MOMENTS) this.#pending.shift();
  }

  #forget(now: number): void {
    const isOld = this.#moments.findIndex(({ at }) => now - at <= MAX_AGE_MS);
    const surplus = this.#moments.length - MAX_MOMENTS;
    // The newest stays, however old.
    const many = Math.min(Math.max(surplus, isOld === -1 ? this.#moments.length : isOld), this.#moments.length - 1);
    if (many > 0) this.#moments = this.#moments.slice(many);
  }

  /** By which this tab chose the first hop of its lookup: it told so when it did. */
  #ruleOf({ key, route }: LookupResult): RoutingRule | undefined {
    const happenings = [...this.#moments, ...this.#pending].map(({ happening }) => happening);
    const routed = happenings.findLast((happening) => {
      const found = routedOf(happening);
      return found !== undefined && found.key === key && found.origin === route[0] && found.hop === 0;
    });
    return routed && routedOf(routed)?.rule;
  }
}
