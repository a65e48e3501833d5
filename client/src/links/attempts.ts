// Names of attempts at links: new ones, and those seen before, so that a repeated or late offer is not answered twice.

import { BoundedMap } from '../core/bounded-map.ts';
import { MAX_REMEMBERED_ATTEMPTS } from './limits.ts';

export class SeenAttempts {
  readonly #seen = new BoundedMap<string, true>(MAX_REMEMBERED_ATTEMPTS);

  has(attempt: string): boolean {
    return this.#seen.has(attempt);
  }

  add(attempt: string): void {
    this.#seen.set(attempt, true);
  }
}

/** 16 hex characters. */
export function randomAttempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
