// HalfSipHash against the vectors of its reference implementation.

import { expect, test } from 'vitest';
import { halfSipHash, hashKey } from '../../src/core/half-sip-hash.ts';

/** The key has the bytes 0 to 7, and so has what is hashed, as many as it is long. */
const VECTORS: readonly (readonly [length: number, hash: string])[] = [
  [0, 'c83cb8b9591f8d21'],
  [1, '157338f8122455be'],
  [2, '57eb507cef394f06'],
  [3, '790606f7451a0fce'],
  [4, 'a12ee55b178ae7d5'],
  [7, '84c67bb0282720ff'],
  [8, '8c85e4bc20e8feed'],
  [9, '07838813cccc515b'],
];

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

test.each(VECTORS)('HalfSipHash-2-4 of %i bytes', (length, hash) => {
  const text = String.fromCharCode(...Array.from({ length }, (_, byte) => byte));
  const { low, high } = halfSipHash({ low: 0x03020100, high: 0x07060504 }, text);
  expect(hex(high) + hex(low)).toBe(hash);
});

test('the key is made of the first 16 characters', () => {
  expect(hashKey('0302010007060504ffffffffffffffff')).toEqual({ low: 0x03020100, high: 0x07060504 });
});
