// The files being stored from this page: a queue, a few at a time, each with progress and cancel.

import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { FileSource, PeerApi, StoredFile, StoreOptions } from '../../peer/api.ts';
import { MAX_INLINE_BYTES } from '../../peer/limits.ts';
import { PageError } from '../text/page-error.ts';
import { transferWords } from '../text/words/en/transfer.ts';
import { isUnderWay, Transfer } from './transfer.ts';
import { untilActive } from './until-active.ts';

export type Upload = Transfer<StoredFile>;

/** Stores at once: two of large files, so that the disk is not read in many places, or of small ones, which are some round trips and hardly any bytes, many. */
const MAX_LOAD = 32;
const LARGE_LOAD = 16;
/** Of a folder, what is named of what was left out: more than anybody reads. */
const MAX_LEFT_OUT = 20;

export class Uploads {
  readonly #peer: PeerApi;
  readonly #now: () => number;
  readonly #list = signal<readonly Upload[]>([]);
  readonly #told = signal<string | undefined>(undefined);
  readonly #queue: { readonly start: () => void; readonly load: number }[] = [];
  #load = 0;

  constructor(peer: PeerApi, now: () => number) {
    this.#peer = peer;
    this.#now = now;
  }

  /** In the order chosen; those that succeeded are gone, since the list of own files shows them. */
  get list(): ReadonlySignal<readonly Upload[]> {
    return this.#list;
  }

  /** What was stored last. */
  get told(): ReadonlySignal<string | undefined> {
    return this.#told;
  }

  /** True while a file of this tab's is not yet safe in the ring. */
  readonly areUnderWay = computed(() => this.#list.value.some(({ state }) => isUnderWay(state.value)));

  /** Stores a file when its turn comes. Rejects as PeerApi.store does; the page shows the failure too. */
  async store(file: FileSource, options: StoreOptions = {}): Promise<StoredFile> {
    const upload: Upload = new Transfer(file.name, this.#now, file.size);
    const cancel = (): void => upload.cancel();
    options.signal?.addEventListener('abort', cancel);
    if (options.signal?.aborted) cancel();
    this.#list.value = [...this.#list.peek(), upload];
    try {
      upload.wait('join');
      await untilActive(this.#peer, upload.signal);
      upload.wait('turn');
      const load = file.size > MAX_INLINE_BYTES ? LARGE_LOAD : 1;
      await this.#turn(load);
      try {
        const stored = await upload.run(file.size, options.onProgress, (own) =>
          this.#peer.store(file, { ...options, ...own }),
        );
        this.dismiss(upload);
        this.#refuseAll(file.leftOut ?? []);
        this.#told.value = file.name;
        return stored;
      } finally {
        this.#load -= load;
        this.#startNext();
      }
    } catch (error) {
      upload.fail(error);
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  /** Shows in the list what cannot be stored, and why. */
  refuse(name: string, error: unknown): void {
    this.#refuse(name, error);
  }

  #refuse(name: string | (() => string), error: unknown): void {
    const upload: Upload = new Transfer(name, this.#now);
    upload.fail(error);
    this.#list.value = [...this.#list.peek(), upload];
  }

  #refuseAll(leftOut: readonly { readonly path: string; readonly why: string }[]): void {
    for (const { path, why } of leftOut.slice(0, MAX_LEFT_OUT)) this.refuse(path, new PageError({ why }));
    const more = leftOut.length - MAX_LEFT_OUT;
    if (more > 0) this.#refuse(() => transferWords().leftOutName(more), new PageError({ why: undefined }));
  }

  /** Gives up all that are not over, and takes them off the list. */
  cancelAll(): void {
    const given = this.#list.peek().filter(({ isOver }) => !isOver);
    for (const upload of given) upload.cancel();
    this.#list.value = this.#list.peek().filter((upload) => !given.includes(upload));
  }

  /** Takes a finished upload off the list. */
  dismiss(upload: Upload): void {
    this.#list.value = this.#list.peek().filter((other) => other !== upload);
  }

  #turn(load: number): Promise<void> {
    return new Promise((start) => {
      this.#queue.push({ start, load });
      this.#startNext();
    });
  }

  #startNext(): void {
    for (let [next] = this.#queue; next !== undefined && this.#load + next.load <= MAX_LOAD; [next] = this.#queue) {
      this.#queue.shift();
      // A cancelled one starts too: run() sees its aborted signal at once.
      this.#load += next.load;
      next.start();
    }
  }
}
