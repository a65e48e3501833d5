// Periodic maintenance, which a node does on its own: a keepalive to its counterclockwise neighbour, exchanges with one
// random node, the search for a split ring. Periodic and bounded: reaction to every event is what fails under churn
// (Bamboo, section 4.1).

import type { Context } from '../context.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { LeafKeeper } from '../membership/leaf-keeper.ts';
import type { Relays } from '../reachability/relays.ts';
import type { RowExchanges } from './row-exchanges.ts';

/** Intervals vary by this share each way, so that nodes that started together do not act together. */
const JITTER = 0.25;

type Periodic = 'keepalive' | 'leaf-set-exchange' | 'row-exchange' | 'merge';

export class PeriodicMaintenance {
  readonly #context: Context;
  readonly #detector: FailureDetector;
  readonly #leafKeeper: LeafKeeper;
  readonly #rowExchanges: RowExchanges;
  readonly #relays: Relays;

  constructor(
    context: Context,
    detector: FailureDetector,
    leafKeeper: LeafKeeper,
    rowExchanges: RowExchanges,
    relays: Relays,
  ) {
    this.#context = context;
    this.#detector = detector;
    this.#leafKeeper = leafKeeper;
    this.#rowExchanges = rowExchanges;
    this.#relays = relays;
  }

  start(): void {
    const { timing } = this.#context;
    this.#every(
      'keepalive',
      () => timing.keepaliveMs,
      () => this.#keepalive(),
    );
    this.#every(
      'leaf-set-exchange',
      () => timing.leafSetExchangeMs,
      () => {
        if (this.#context.status === 'active') this.#leafKeeper.exchange();
        this.#relays.retryLinks();
      },
    );
    this.#every(
      'row-exchange',
      () => timing.rowExchangeMs,
      () => {
        if (this.#context.status === 'active') this.#rowExchanges.exchange();
      },
    );
    this.#every(
      'merge',
      () => this.#mergeMs(),
      () => this.#seekStranger(),
    );
  }

  #every(kind: Periodic, intervalMs: () => number, act: () => void): void {
    const { timers, now, random } = this.#context;
    const factor = 1 + JITTER * (2 * random.next() - 1);
    timers.set({ kind }, now + intervalMs() * factor, () => {
      act();
      this.#every(kind, intervalMs, act);
    });
  }

  /** Each node pings the one before it, so each is pinged by the one after it: a death is noticed on both sides. */
  #keepalive(): void {
    const { leafSet, peers, now, timing } = this.#context;
    const next = leafSet.counterclockwise[0];
    if (next === undefined) return;
    const silentMs = now - peers.of(next.nodeId).lastHeard;
    if (silentMs >= timing.keepaliveMs * (1 - JITTER)) this.#detector.probe(next.nodeId, 'ping');
  }

  #mergeMs(): number {
    const { leafSet, timing } = this.#context;
    return leafSet.clockwise.length === 0 ? timing.mergeAloneMs : timing.mergeMs;
  }

  #seekStranger(): void {
    if (this.#context.status === 'active') this.#context.emit({ type: 'ask-sponsor' });
  }
}
