// An answer that is there at once, as in the simulator and wherever there is nothing to prove, or takes a moment, as from
// WebCrypto. What is there at once is handled at once: the order of things, and their cost, stay as they are.

export type Soon<T> = T | Promise<T>;

/** `next` of the answer. */
export function whenKnown<T, U>(soon: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return soon instanceof Promise ? soon.then(next) : next(soon);
}

/** All of the answers, in their order. */
export function whenAllKnown<T>(soons: readonly Soon<T>[]): Soon<readonly T[]> {
  const values: T[] = [];
  for (const soon of soons) {
    if (soon instanceof Promise) return Promise.all(soons);
    values.push(soon);
  }
  return values;
}
