// The lookup box: one lookup at a time, and what came of the last.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { LookupResult, PeerApi } from '../../peer/api.ts';
import { madeFor } from './made-for.ts';

export type LookupState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly key: string }
  | { readonly phase: 'found'; readonly result: LookupResult }
  | { readonly phase: 'failed'; readonly error: unknown };

class Lookups {
  readonly #peer: PeerApi;
  readonly #state = signal<LookupState>({ phase: 'idle' });

  constructor(peer: PeerApi) {
    this.#peer = peer;
  }

  get state(): ReadonlySignal<LookupState> {
    return this.#state;
  }

  async lookup(key: string): Promise<void> {
    if (this.#state.peek().phase === 'running') return;
    this.#state.value = { phase: 'running', key };
    try {
      this.#state.value = { phase: 'found', result: await this.#peer.lookup(key.trim()) };
    } catch (error) {
      this.#state.value = { phase: 'failed', error };
    }
  }
}

export const lookupsOf = madeFor((peer) => new Lookups(peer));
