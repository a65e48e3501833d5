// What a user does with own files: deletes them, after a question, and pins them or not; and what came of it.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import { errorText } from '../text/error-text.ts';

export type FileActionState =
  | { readonly phase: 'asking' | 'deleting' | 'pinning' }
  | { readonly phase: 'failed'; readonly message: string };

export class OwnFileActions {
  readonly #peer: PeerApi;
  readonly #stateById = signal<ReadonlyMap<string, FileActionState>>(new Map());
  readonly #told = signal<string | undefined>(undefined);

  constructor(peer: PeerApi) {
    this.#peer = peer;
  }

  /** What came of the last deletion, for people. */
  get told(): ReadonlySignal<string | undefined> {
    return this.#told;
  }

  stateOf(fileId: string): FileActionState | undefined {
    return this.#stateById.value.get(fileId);
  }

  /** Puts the question whether to delete a file. */
  ask(fileId: string): void {
    this.#set(fileId, { phase: 'asking' });
  }

  /** It is to stay. */
  keep(fileId: string): void {
    this.#set(fileId, undefined);
  }

  async remove(fileId: string): Promise<void> {
    await this.#do(fileId, 'deleting', async () => {
      const { removedLine } = await import('../../prompt/lease-text.ts');
      this.#told.value = `${removedLine(await this.#peer.remove(fileId))}.`;
    });
  }

  async setPinned(fileId: string, isPinned: boolean): Promise<void> {
    await this.#do(fileId, 'pinning', () => (isPinned ? this.#peer.pin(fileId) : this.#peer.unpin(fileId)));
  }

  async #do(fileId: string, phase: 'deleting' | 'pinning', work: () => Promise<void>): Promise<void> {
    this.#set(fileId, { phase });
    try {
      await work();
      this.#set(fileId, undefined);
    } catch (error) {
      this.#set(fileId, { phase: 'failed', message: errorText(error) });
    }
  }

  #set(fileId: string, state: FileActionState | undefined): void {
    const states = new Map(this.#stateById.peek());
    if (state === undefined) states.delete(fileId);
    else states.set(fileId, state);
    this.#stateById.value = states;
  }
}
