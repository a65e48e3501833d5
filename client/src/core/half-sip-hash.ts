// HalfSipHash-2-4 with 64 bits of output (Aumasson & Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012; the half-width
// one of its reference implementation): a pseudorandom function for who has to answer at once, where WebCrypto only promises.
// Its key has 64 bits, so it is for keys that live for seconds.

/** Two words of 32 bits: a key, or what comes out. As bytes, least significant first, `low` comes before `high`. */
export interface Words {
  readonly low: number;
  readonly high: number;
}

const KEY_DIGITS = 16;

/** The key in the first 16 of some hexadecimal characters. */
export function hashKey(hex: string): Words {
  return {
    low: Number.parseInt(hex.slice(0, KEY_DIGITS / 2), 16) | 0,
    high: Number.parseInt(hex.slice(KEY_DIGITS / 2, KEY_DIGITS), 16) | 0,
  };
}

/** Of a text whose characters are bytes. */
export function halfSipHash({ low: k0, high: k1 }: Words, text: string): Words {
  let v0 = k0;
  let v1 = k1 ^ 0xee;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  let low = 0;
  // The last word holds the rest of the text, and its length. Two steps finish it, with a half of the hash after each.
  const last = text.length >>> 2;
  for (let step = 0; step <= last + 2; step += 1) {
    const word = wordAt(text, step, last);
    v3 ^= word;
    if (step === last + 1) v2 ^= 0xee;
    if (step === last + 2) {
      low = v1 ^ v3;
      v1 ^= 0xdd;
    }
    const rounds = step <= last ? 2 : 4;
    for (let round = 0; round < rounds; round += 1) {
      v0 = (v0 + v1) | 0;
      v1 = rotated(v1, 5) ^ v0;
      v0 = rotated(v0, 16);
      v2 = (v2 + v3) | 0;
      v3 = rotated(v3, 8) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = rotated(v3, 7) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = rotated(v1, 13) ^ v2;
      v2 = rotated(v2, 16);
    }
    v0 ^= word;
  }
  return { low, high: v1 ^ v3 };
}

/** Four bytes, least significant first; 0 after the last word. */
function wordAt(text: string, index: number, last: number): number {
  if (index > last) return 0;
  let word = index === last ? text.length << 24 : 0;
  const end = Math.min(4 * index + 4, text.length);
  for (let at = 4 * index; at < end; at += 1) word |= (text.charCodeAt(at) & 0xff) << (8 * (at & 3));
  return word;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
