// The Discovery node's randomness as a small interface, so that tests can say what is drawn; and the real one.

import { randomBytes, randomInt } from 'node:crypto';

export interface Random {
  /** So many random lower-case hex characters. */
  hex(characters: number): string;
  /** A whole number from 0 to `limit` - 1, each as likely; `limit` is at least 1. */
  below(limit: number): number;
}

export const cryptoRandom: Random = {
  hex: (characters) =>
    randomBytes(Math.ceil(characters / 2))
      .toString('hex')
      .slice(0, characters),
  below: (limit) => randomInt(limit),
};
