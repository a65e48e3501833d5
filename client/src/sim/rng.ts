// Seeded randomness: xoshiro128** (Blackman and Vigna, 2018), seeded by splitmix32.
// A generator splits into named children, so that drawing more in one part of a run does not move the draws of another.

const TWO_TO_32 = 0x1_0000_0000;
const HEX = '0123456789abcdef';

export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `seed`: any safe integer. Equal seeds give equal draws for ever: golden traces depend on it. */
  constructor(seed: number) {
    let state = mix((seed >>> 0) ^ mix(Math.floor(seed / TWO_TO_32) >>> 0));
    const next = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      return mix(state);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** An independent generator. The parent moves on by one draw. */
  split(label: string): Rng {
    let hash = 0x811c9dc5;
    for (let index = 0; index < label.length; index += 1) {
      hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
    }
    return new Rng((this.uint32() ^ hash) >>> 0);
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A number in [0, 1). */
  float(): number {
    return this.uint32() / TWO_TO_32;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.float();
  }

  /** A whole number from 0 to `count` - 1; the bias of at most count / 2^32 does not matter here. */
  int(count: number): number {
    return Math.floor((this.uint32() / TWO_TO_32) * count);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.float() < probability;
  }

  /** Exponentially distributed: the wait for the next event of a Poisson process. */
  exponential(mean: number): number {
    return -Math.log(1 - this.float()) * mean;
  }

  /** One of `items`, or undefined if there is none. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.int(items.length)];
  }

  /** The same items in random order, as a new array. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const rest = [...items];
    const result: Item[] = [];
    while (rest.length > 0) result.push(...rest.splice(this.int(rest.length), 1));
    return result;
  }

  /** `count` random lower-case hex characters. */
  hex(count: number): string {
    let text = '';
    for (let index = 0; index < count; index += 1) text += HEX.charAt(this.uint32() >>> 28);
    return text;
  }
}

/** splitmix32's finalizer: every bit of the input moves every bit of the output. */
export function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
