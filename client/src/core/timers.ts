// Deadlines in one table: the core's only idea of waiting. A timer's name is a kind and, where a kind has several, a key.
// Deadlines, not ticks: a late wake fires all that is due. A heap keeps the earliest at hand.

import type { Instant } from './io.ts';

export interface Name {
  readonly kind: string;
  readonly key?: string | number | undefined;
}

/** What who waits may do with the table. */
export interface TimerTable<TimerName extends Name> {
  /** Calls `fire` once at `at` or later; replaces a timer of the same name. */
  set(name: TimerName, at: Instant, fire: () => void): void;
  cancel(name: TimerName): void;
  has(name: TimerName): boolean;
}

interface Timer<TimerName> {
  readonly name: TimerName;
  readonly at: Instant;
  /** Of two that are due at once the one of the lower order fires first: that of the name which has been set for longer. */
  readonly order: number;
  readonly fire: () => void;
}

/** Entries of the heap that were cancelled or replaced are swept out when they are this many and more than half of it. */
const MIN_SWEPT = 64;

export class Timers<TimerName extends Name> implements TimerTable<TimerName> {
  readonly #timersByKind = new Map<string, Map<Name['key'], Timer<TimerName>>>();
  /** No timer is before its parent, which is at half its place. What is no longer in `#timersByKind` counts for nothing. */
  #heap: Timer<TimerName>[] = [];
  #size = 0;
  #lastOrder = 0;

  set(name: TimerName, at: Instant, fire: () => void): void {
    let timers = this.#timersByKind.get(name.kind);
    if (timers === undefined) {
      timers = new Map();
      this.#timersByKind.set(name.kind, timers);
    }
    const former = timers.get(name.key);
    if (former === undefined) {
      this.#size += 1;
      this.#lastOrder += 1;
    }
    const timer = { name, at, order: former?.order ?? this.#lastOrder, fire };
    timers.set(name.key, timer);
    this.#push(timer);
    if (this.#heap.length > MIN_SWEPT + 2 * this.#size) this.#sweep();
  }

  cancel({ kind, key }: TimerName): void {
    if (this.#timersByKind.get(kind)?.delete(key) === true) this.#size -= 1;
  }

  has({ kind, key }: TimerName): boolean {
    return this.#timersByKind.get(kind)?.has(key) === true;
  }

  clear(): void {
    this.#timersByKind.clear();
    this.#heap = [];
    this.#size = 0;
  }

  get earliest(): Instant | undefined {
    return this.#next()?.at;
  }

  /** Fires what is due, earliest first; what fires may set new timers, which fire too if they are due. */
  fireDue(now: Instant): void {
    for (let next = this.#next(); next !== undefined && next.at <= now; next = this.#next()) {
      this.cancel(next.name);
      next.fire();
    }
  }

  /** The first timer, which is then the first of the heap too. */
  #next(): Timer<TimerName> | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#isSet(first)) return first;
      this.#pop();
    }
  }

  #isSet(timer: Timer<TimerName>): boolean {
    return this.#timersByKind.get(timer.name.kind)?.get(timer.name.key) === timer;
  }

  #push(timer: Timer<TimerName>): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = timer;
  }

  /** Takes the first out: the last takes its place, and sinks. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (below !== undefined && right !== undefined && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (below === undefined || !isBefore(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
  }

  #sweep(): void {
    const set = this.#heap.filter((timer) => this.#isSet(timer));
    this.#heap = [];
    for (const timer of set) this.#push(timer);
  }
}

function isBefore(a: Timer<Name>, b: Timer<Name>): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}
