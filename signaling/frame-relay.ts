// Carries frames for pairs of tabs that nothing else joins (--relay): sealed between the two, so that they are bytes and no more
// here. Each pair, and all of them together, have a rate and a volume; who waits gets one piece after the other in turn, so that
// no pair holds up another. Nothing is held for a tab beyond its window: it has the next piece acknowledged first.

import type { Rate } from '../client/src/core/token-bucket.ts';
import { ByteBudget } from './byte-budget.ts';
import {
  FRAME_RECEIVED_MS,
  MAX_RELAYED_PAIRS_PER_ADDRESS,
  RELAY_BYTES_PER_PAIR_SECOND,
  RELAY_PAIR_IDLE_MS,
  RELAY_PAIR_RATE,
  RELAY_PAIR_VOLUME,
  RELAY_VOLUME_SECONDS,
} from './limits.ts';
import type { Metrics } from './metrics.ts';
import { addressGroup } from './networks.ts';
import type { Peer } from './registration.ts';
import { RELAY_WINDOW_BYTES, type RelayedFrame, relayCost } from './relay-protocol.ts';

/**
 * pairs: all places for pairs are taken, or those of the sender's address. window: it sent more than may be on its way. gone:
 * the other tab did not acknowledge it.
 */
export type FrameOutcome = 'relayed' | 'pairs' | 'window' | 'gone';

export interface FrameRelayParts {
  /** Of all pairs together. */
  readonly bytesPerSecond: number;
  readonly metrics: Pick<Metrics, 'frame'>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

export interface Frame {
  /** Ids are of one ring. */
  readonly ring: string;
  readonly from: Pick<Peer, 'nodeId' | 'address'>;
  readonly to: Pick<Peer, 'nodeId'>;
  readonly bytes: Uint8Array;
  /** Hands it to the other tab's socket, and calls back once: whether that tab has acknowledged it in time. False: there is none. */
  readonly handOn: (frame: RelayedFrame, timeoutMs: number, received: (isReceived: boolean) => void) => boolean;
}

interface Waiting extends Frame {
  readonly cost: number;
  readonly settle: (outcome: FrameOutcome) => void;
}

/** Both directions of one pair. */
interface Pair {
  readonly name: string;
  /** Of who began it. */
  readonly group: string;
  readonly rate: ByteBudget;
  readonly volume: ByteBudget;
  /** In the order in which they came; never more than two windows. */
  readonly waiting: Waiting[];
  /** What each end has on its way. */
  readonly costBySender: Map<string, number>;
  usedAt: number;
}

export class FrameRelay {
  readonly #parts: FrameRelayParts;
  readonly #maxPairs: number;
  readonly #rate: ByteBudget;
  readonly #volume: ByteBudget;
  readonly #pairByName = new Map<string, Pair>();
  /** Those with something waiting, the next in turn first. */
  readonly #turns: Pair[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FrameRelayParts) {
    const { bytesPerSecond, now } = parts;
    this.#parts = parts;
    this.#maxPairs = Math.max(1, Math.floor(bytesPerSecond / RELAY_BYTES_PER_PAIR_SECOND));
    const volume: Rate = { burst: RELAY_VOLUME_SECONDS * bytesPerSecond, perSecond: bytesPerSecond / 2 };
    this.#rate = new ByteBudget({ burst: bytesPerSecond, perSecond: bytesPerSecond }, now());
    this.#volume = new ByteBudget(volume, now());
  }

  /** Pairs that it has carried for lately. */
  get pairs(): number {
    return this.#pairByName.size;
  }

  /** Resolves when the other tab has it, or when it will not. */
  relay(frame: Frame): Promise<FrameOutcome> {
    const pair = this.#pairOf(frame);
    if (pair === undefined) return Promise.resolve('pairs');
    const cost = relayCost(frame.bytes.length);
    const sender = frame.from.nodeId;
    const onItsWay = pair.costBySender.get(sender) ?? 0;
    if (onItsWay + cost > RELAY_WINDOW_BYTES) return Promise.resolve('window');
    pair.costBySender.set(sender, onItsWay + cost);
    pair.usedAt = this.#parts.now();
    return new Promise((resolve) => {
      const settle = (outcome: FrameOutcome): void => {
        pair.costBySender.set(sender, (pair.costBySender.get(sender) ?? 0) - cost);
        resolve(outcome);
      };
      pair.waiting.push({ ...frame, cost, settle });
      if (pair.waiting.length === 1) this.#turns.push(pair);
      this.#carryOn();
    });
  }

  /** Carries nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
    for (const pair of this.#turns.splice(0)) for (const { settle } of pair.waiting.splice(0)) settle('gone');
    this.#pairByName.clear();
  }

  #pairOf({ ring, from, to }: Frame): Pair | undefined {
    const name = `${ring} ${[from.nodeId, to.nodeId].sort().join(' ')}`;
    const known = this.#pairByName.get(name);
    if (known !== undefined) return known;
    const now = this.#parts.now();
    const group = addressGroup(from.address);
    if (!this.#hasRoomFor(group, now)) return undefined;
    const pair: Pair = {
      ...{ name, group, waiting: [], costBySender: new Map(), usedAt: now },
      rate: new ByteBudget(RELAY_PAIR_RATE, now),
      volume: new ByteBudget(RELAY_PAIR_VOLUME, now),
    };
    this.#pairByName.set(name, pair);
    return pair;
  }

  /** Forgets pairs that are idle, whose budgets are as good as full, when their places are wanted. */
  #hasRoomFor(group: string, now: number): boolean {
    const count = (): number => [...this.#pairByName.values()].filter((pair) => pair.group === group).length;
    const isFull = (): boolean =>
      this.#pairByName.size >= this.#maxPairs || count() >= Math.min(MAX_RELAYED_PAIRS_PER_ADDRESS, this.#maxPairs);
    if (!isFull()) return true;
    for (const { name, usedAt, waiting } of this.#pairByName.values()) {
      if (waiting.length === 0 && now - usedAt >= RELAY_PAIR_IDLE_MS) this.#pairByName.delete(name);
    }
    return !isFull();
  }

  /** One piece of each pair in turn, as long as all budgets allow; then it waits for the first that will. */
  #carryOn(): void {
    clearTimeout(this.#timer);
    const now = this.#parts.now();
    let waitMs = Number.POSITIVE_INFINITY;
    for (let passed = 0; passed < this.#turns.length; ) {
      const allMs = Math.max(this.#rate.msUntilMore(now), this.#volume.msUntilMore(now));
      if (allMs > 0) {
        waitMs = allMs;
        break;
      }
      const pair = this.#turns.shift();
      const next = pair?.waiting[0];
      if (pair === undefined || next === undefined) continue;
      const pairMs = Math.max(pair.rate.msUntilMore(now), pair.volume.msUntilMore(now));
      if (pairMs > 0) {
        waitMs = Math.min(waitMs, pairMs);
        passed += 1;
      } else {
        pair.waiting.shift();
        for (const budget of [this.#rate, this.#volume, pair.rate, pair.volume]) budget.take(next.cost, now);
        passed = 0;
        this.#handOn(next);
      }
      if (pair.waiting.length > 0) this.#turns.push(pair);
    }
    if (this.#turns.length > 0) this.#timer = setTimeout(() => this.#carryOn(), waitMs);
  }

  #handOn({ from, bytes, handOn, settle }: Waiting): void {
    this.#parts.metrics.frame(bytes.length);
    const isThere = handOn({ from: from.nodeId, bytes }, FRAME_RECEIVED_MS, (isReceived) =>
      settle(isReceived ? 'relayed' : 'gone'),
    );
    if (!isThere) settle('gone');
  }
}
