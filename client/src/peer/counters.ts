// What was refused, dropped or went wrong, by cause: shown by inspect(), so that nothing is dropped in silence.

export class Counters {
  readonly #countByCause = new Map<string, number>();

  count(cause: string, times = 1): void {
    if (times > 0) this.#countByCause.set(cause, (this.#countByCause.get(cause) ?? 0) + times);
  }

  /** By cause, in alphabetical order, without what never happened; `others` are counts kept elsewhere. */
  snapshot(others: Iterable<readonly [string, number]>): Readonly<Record<string, number>> {
    const counts = [...this.#countByCause, ...others].filter(([, times]) => times > 0);
    return Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
