// Virtual time: actions in order of their instant, equal instants in the order in which they were scheduled.
// A 4-ary heap over flat arrays: a large run passes tens of millions of events through it.

const ARITY = 4;
const FIRST_CAPACITY = 1024;

export type Action = () => void;

export class Schedule {
  #now = 0;
  #size = 0;
  #scheduled = 0;
  #times = new Float64Array(FIRST_CAPACITY);
  /** Position in the order of scheduling: breaks ties, and so makes a run repeatable. */
  #orders = new Float64Array(FIRST_CAPACITY);
  #actions: Action[] = [];

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** Actions that wait. */
  get size(): number {
    return this.#size;
  }

  /** When the next action is due; Infinity if none waits. */
  get next(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] ?? Number.POSITIVE_INFINITY);
  }

  /** Does `action` at `instant`; at once after what is due now, if that has passed. Infinity means never. */
  at(instant: number, action: Action): void {
    if (Number.isNaN(instant)) throw new Error('an action cannot be scheduled at NaN');
    if (instant === Number.POSITIVE_INFINITY) return;
    if (this.#size === this.#times.length) this.#grow();
    this.#siftUp(instant > this.#now ? instant : this.#now, this.#scheduled, action);
    this.#scheduled += 1;
  }

  /** Does `action` after `delay` milliseconds. */
  after(delay: number, action: Action): void {
    this.at(this.#now + delay, action);
  }

  /** Does the next action; false if none waits. */
  step(): boolean {
    const action = this.#actions[0];
    if (this.#size === 0 || action === undefined) return false;
    this.#now = this.#times[0] ?? this.#now;
    this.#removeFirst();
    action();
    return true;
  }

  /** Does all that is due until `instant`, that included, and moves the clock there. */
  runUntil(instant: number): void {
    while (this.next <= instant) this.step();
    if (instant > this.#now) this.#now = instant;
  }

  /** Runs until `isDone` or until `limit`; tells whether it is done. */
  runUntilTrue(isDone: () => boolean, limit: number): boolean {
    while (!isDone()) {
      if (this.next > limit) {
        this.runUntil(limit);
        return isDone();
      }
      this.step();
    }
    return true;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    const orders = new Float64Array(this.#orders.length * 2);
    orders.set(this.#orders);
    this.#orders = orders;
  }

  #siftUp(time: number, order: number, action: Action): void {
    const times = this.#times;
    const orders = this.#orders;
    const actions = this.#actions;
    let index = this.#size;
    this.#size += 1;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const parentTime = times[parent] ?? 0;
      // A newcomer is the last in order, so on equal times it stays below its parent.
      if (parentTime <= time) break;
      times[index] = parentTime;
      orders[index] = orders[parent] ?? 0;
      actions[index] = actions[parent] ?? action;
      index = parent;
    }
    times[index] = time;
    orders[index] = order;
    actions[index] = action;
  }

  #removeFirst(): void {
    const times = this.#times;
    const orders = this.#orders;
    const actions = this.#actions;
    const size = this.#size - 1;
    this.#size = size;
    const time = times[size] ?? 0;
    const order = orders[size] ?? 0;
    const action = actions.pop();
    if (size === 0 || action === undefined) return;
    let index = 0;
    for (;;) {
      const firstChild = index * ARITY + 1;
      if (firstChild >= size) break;
      let best = firstChild;
      let bestTime = times[firstChild] ?? 0;
      let bestOrder = orders[firstChild] ?? 0;
      const lastChild = Math.min(firstChild + ARITY, size);
      for (let child = firstChild + 1; child < lastChild; child += 1) {
        const childTime = times[child] ?? 0;
        const childOrder = orders[child] ?? 0;
        if (childTime < bestTime || (childTime === bestTime && childOrder < bestOrder)) {
          best = child;
          bestTime = childTime;
          bestOrder = childOrder;
        }
      }
      if (time < bestTime || (time === bestTime && order < bestOrder)) break;
      times[index] = bestTime;
      orders[index] = bestOrder;
      actions[index] = actions[best] ?? action;
      index = best;
    }
    times[index] = time;
    orders[index] = order;
    actions[index] = action;
  }
}
