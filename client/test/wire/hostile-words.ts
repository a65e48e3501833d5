// Texts and values that no correct node sends, from a seed: good ones with characters or values changed, cut, joined, grown
// or gone.

import { Random } from '../../src/core/random.ts';

/** What strange values are made of. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  '',
  'a'.repeat(500),
  '\u0000\ud800',
  '__proto__',
  -1,
  0.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[[[]]]],
  { toString: 1, constructor: null },
];
const CHARACTERS = ' .-_{}[]":,\\\n\r\u0000\ud83d0aZ9';

export class HostileWords {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = this.#random.pick(items);
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** One of the texts, mostly spoiled. */
  text(good: readonly string[]): string {
    const text = this.pick(good);
    const at = this.below(text.length + 1);
    const changes = [
      () => text,
      () => text.slice(0, at),
      () => text.slice(at),
      () => text.slice(0, at) + this.pick(good).slice(at),
      () => text.slice(0, at) + this.#characters() + text.slice(at + this.below(8)),
      () => text.slice(0, at) + this.#characters() + text.slice(at),
      () => text.repeat(1 + this.below(3)),
      () => text.replaceAll(text.charAt(at), this.#characters()),
      () => this.#characters(),
    ];
    return this.pick(changes)();
  }

  /** A copy of one of the values, mostly spoiled somewhere inside. */
  value(good: readonly unknown[]): unknown {
    const copy: unknown = structuredClone(this.pick(good));
    return this.below(8) === 0 ? copy : this.#spoiled(copy);
  }

  #spoiled(value: unknown): unknown {
    const isInside = this.below(4) > 0;
    if (typeof value === 'string' && this.below(2) === 0) return this.text([value]);
    if (typeof value === 'number' && this.below(2) === 0) return value * this.pick([-1, 0.5, 1e9, Number.NaN]);
    if (typeof value !== 'object' || value === null || !isInside) return this.pick(STRANGE);
    const keys = Object.keys(value);
    if (keys.length === 0) return this.pick(STRANGE);
    const key = this.pick(keys);
    const changes = [
      () => Reflect.set(value, key, this.#spoiled(Reflect.get(value, key))),
      () => Reflect.set(value, key, this.#spoiled(Reflect.get(value, key))),
      () => Reflect.deleteProperty(value, key),
      () => Reflect.set(value, this.pick(['extra', 'then', 'error']), this.pick(STRANGE)),
    ];
    this.pick(changes)();
    return value;
  }

  #characters(): string {
    return Array.from({ length: this.below(4) }, () => CHARACTERS.charAt(this.below(CHARACTERS.length))).join('');
  }
}
