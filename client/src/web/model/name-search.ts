// Looking a public file up by its name: one search at a time, and what came of the last.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { FoundFiles, PeerApi } from '../../peer/api.ts';
import { madeFor } from './made-for.ts';
import { untilActive } from './until-active.ts';

export type NameSearchState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly name: string }
  | { readonly phase: 'found'; readonly found: FoundFiles }
  | { readonly phase: 'failed'; readonly error: unknown };

class NameSearch {
  readonly #peer: PeerApi;
  readonly #state = signal<NameSearchState>({ phase: 'idle' });

  constructor(peer: PeerApi) {
    this.#peer = peer;
  }

  get state(): ReadonlySignal<NameSearchState> {
    return this.#state;
  }

  async search(name: string): Promise<void> {
    if (this.#state.peek().phase === 'running') return;
    this.#state.value = { phase: 'running', name };
    try {
      await untilActive(this.#peer, new AbortController().signal);
      this.#state.value = { phase: 'found', found: await this.#peer.find(name) };
    } catch (error) {
      this.#state.value = { phase: 'failed', error };
    }
  }

  /** Takes the answer off the page. */
  dismiss(): void {
    if (this.#state.peek().phase !== 'running') this.#state.value = { phase: 'idle' };
  }
}

export const nameSearchOf = madeFor((peer) => new NameSearch(peer));
