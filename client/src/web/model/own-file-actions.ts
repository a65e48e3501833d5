// What a user does with own files: deletes them, after a question, and pins them or not; and what came of it.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import type { RemovedFile } from '../../peer/file-status.ts';
import { madeFor } from './made-for.ts';

export type FileActionState =
  | { readonly phase: 'asking' | 'deleting' | 'pinning' }
  | { readonly phase: 'failed'; readonly error: unknown };

export class OwnFileActions {
  readonly #peer: PeerApi;
  readonly #stateById = signal<ReadonlyMap<string, FileActionState>>(new Map());
  readonly #told = signal<RemovedFile | undefined>(undefined);

  constructor(peer: PeerApi) {
    this.#peer = peer;
  }

  /** What came of the last deletion. */
  get told(): ReadonlySignal<RemovedFile | undefined> {
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
      this.#told.value = await this.#peer.remove(fileId);
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
      this.#set(fileId, { phase: 'failed', error });
    }
  }

  #set(fileId: string, state: FileActionState | undefined): void {
    const states = new Map(this.#stateById.peek());
    if (state === undefined) states.delete(fileId);
    else states.set(fileId, state);
    this.#stateById.value = states;
  }
}

export const ownFileActionsOf = madeFor((peer) => new OwnFileActions(peer));
