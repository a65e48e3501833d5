// The files being stored from this page: a queue, a few at a time, each with progress and cancel.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { FileSource, PeerApi, StoredFile, StoreOptions } from '../../peer/api.ts';
import { PageError } from '../text/page-error.ts';
import { transferWords } from '../text/words/en/transfer.ts';
import { Transfer } from './transfer.ts';
import { untilActive } from './until-active.ts';

export type Upload = Transfer<StoredFile>;

/** Stores at once: small files need not wait behind one large one, and the disk is not read in many places. */
const MAX_RUNNING = 2;
/** Of a folder, what is named of what was left out: more than anybody reads. */
const MAX_LEFT_OUT = 20;

export class Uploads {
  readonly #peer: PeerApi;
  readonly #now: () => number;
  readonly #list = signal<readonly Upload[]>([]);
  readonly #told = signal<string | undefined>(undefined);
  readonly #queue: { readonly start: () => void; readonly upload: Upload }[] = [];
  #running = 0;

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
  get isAnyUnsafe(): boolean {
    return this.#list.peek().some((upload) => !upload.isOver);
  }

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
      await this.#turn(upload);
      try {
        const stored = await upload.run(file.size, options.onProgress, (own) =>
          this.#peer.store(file, { ...options, ...own }),
        );
        this.dismiss(upload);
        this.#refuseAll(file.leftOut ?? []);
        this.#told.value = file.name;
        return stored;
      } finally {
        this.#running -= 1;
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

  /** Takes a finished upload off the list. */
  dismiss(upload: Upload): void {
    this.#list.value = this.#list.peek().filter((other) => other !== upload);
  }

  #turn(upload: Upload): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ start: resolve, upload });
      this.#startNext();
    });
  }

  #startNext(): void {
    while (this.#running < MAX_RUNNING) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      // A cancelled one starts too: run() sees its aborted signal at once.
      this.#running += 1;
      next.start();
    }
  }
}
