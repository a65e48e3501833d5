// Names of attempts at links: new ones, and those seen before, so that a repeated or late offer is not answered twice.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { randomId } from '../peer/random-id.ts';
import { MAX_REMEMBERED_ATTEMPTS } from './limits.ts';

export class SeenAttempts {
  readonly #seen = new BoundedMap<string, true>(MAX_REMEMBERED_ATTEMPTS);

  has(peer: NodeId, attempt: string): boolean {
    return this.#seen.has(nameOf(peer, attempt));
  }

  add(peer: NodeId, attempt: string): void {
    this.#seen.set(nameOf(peer, attempt), true);
  }
}

/** With the node, so that nobody uses up the names of another's attempts. */
function nameOf(peer: NodeId, attempt: string): string {
  return `${peer} ${attempt}`;
}

/** 16 hex characters. */
export function randomAttempt(): string {
  return randomId().slice(0, 16);
}
