// Counts what the Discovery node does and refuses, by name. Read through /healthz and by tests.

export type CounterName =
  | 'registered'
  | 'displaced'
  | 'removed'
  | 'relayed'
  | 'sponsors'
  | 'bad-request'
  | 'not-registered'
  | 'unknown-peer'
  | 'rate-limited'
  | 'unknown-event'
  | 'no-acknowledgement'
  | 'protocol-error'
  | 'cut-off'
  | 'origins-refused'
  | 'page-errors';

export class Metrics {
  readonly #countByName = new Map<CounterName, number>();

  count(name: CounterName): void {
    this.#countByName.set(name, this.get(name) + 1);
  }

  get(name: CounterName): number {
    return this.#countByName.get(name) ?? 0;
  }

  /** All that was ever counted, as plain JSON. */
  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#countByName);
  }
}
