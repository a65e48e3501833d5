// Requests to the core as promises: lookups, and the storing and fetching of single blocks.

import type { Input, Output, RequestId } from '../core/io.ts';
import { type BlockRef, type FetchFailure, MAX_RECORDS_AT_KEY, type StoreFailure } from '../core/past/block.ts';
import type { Key } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';
import type { BlockSource, LocalBlocks } from './local-blocks.ts';
import { aborted } from './parallel.ts';

export type LookedUp = Extract<Output, { readonly type: 'looked-up' }>;
export type Listed = Extract<Output, { readonly type: 'listed' }>;
export type Stored = Extract<Output, { readonly type: 'stored' }>;
/** What the core says about a request. */
export type RequestOutput = Extract<Output, { readonly request: RequestId }>;

/** A held block may turn out corrupt as it is read; the core then fetches another copy. */
const FETCH_ATTEMPTS = 3;

interface Request {
  heard(output: RequestOutput): void;
  fail(error: PeerError): void;
}

export class Requests {
  readonly #dispatch: (input: Input) => void;
  readonly #blocks: LocalBlocks;
  readonly #requestById = new Map<RequestId, Request>();
  #lastId = 0;

  constructor(dispatch: (input: Input) => void, blocks: LocalBlocks) {
    this.#dispatch = dispatch;
    this.#blocks = blocks;
  }

  /** Rejects with a PeerError of code timed-out or left. */
  lookup(key: Key): Promise<LookedUp> {
    return new Promise((resolve, reject) => {
      const id = this.#begin({
        heard: (output) => {
          this.#requestById.delete(id);
          if (output.type === 'looked-up') resolve(output);
          else if (output.type === 'lookup-failed' && output.reason === 'left') reject(leftError());
          else
            reject(
              new PeerError('timed-out', `nobody answered for ${key}; the ring may be repairing itself: try again`),
            );
        },
        fail: reject,
      });
      this.#dispatch({ type: 'lookup', request: id, key });
    });
  }

  /** The name records at a key. Rejects with a PeerError of code timed-out or left. */
  list(key: Key): Promise<Listed> {
    return new Promise((resolve, reject) => {
      const id = this.#begin({
        heard: (output) => {
          this.#requestById.delete(id);
          if (output.type === 'listed') resolve(output);
          else if (output.type === 'list-failed' && output.reason === 'left') reject(leftError());
          else
            reject(
              new PeerError('timed-out', 'nobody answered for this name; the ring may be repairing itself: try again'),
            );
        },
        fail: reject,
      });
      this.#dispatch({ type: 'list', request: id, key });
    });
  }

  /**
   * Stores a block; resolves at its quorum. Calls `copied` for every report of copies, from the quorum's on, until all
   * are made; so long `source` must produce the bytes. Rejects with a PeerError of code full, bad-name (a name record is refused), timed-out, left or aborted.
   */
  store(block: BlockRef, source: BlockSource, signal: AbortSignal, copied: (copies: number) => void): Promise<Stored> {
    if (signal.aborted) return Promise.reject(aborted());
    const removeSource = this.#blocks.addSource(block.digest, source);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#requestById.delete(id);
        removeSource();
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: PeerError): void => {
        end();
        reject(error);
      };
      const abort = (): void => fail(aborted());
      const id = this.#begin({
        heard: (output) => {
          if (output.type === 'store-failed') return fail(storeError(output.reason));
          if (output.type !== 'stored') return;
          signal.removeEventListener('abort', abort);
          if (output.complete) end();
          copied(output.holders.length);
          resolve(output);
        },
        fail,
      });
      signal.addEventListener('abort', abort, { once: true });
      this.#dispatch({ type: 'store', request: id, block });
    });
  }

  /** The bytes of a block, digest checked. Rejects with a PeerError of code not-found, corrupt, timed-out, left or aborted. */
  async fetch(block: BlockRef, signal: AbortSignal): Promise<Uint8Array> {
    for (let attempt = 1; attempt <= FETCH_ATTEMPTS; attempt += 1) {
      const wanted = this.#blocks.want(block.digest);
      try {
        await this.#fetched(block, signal);
        // Not pulled if this node holds it itself.
        const bytes = wanted.take() ?? (await this.#blocks.load(block.digest));
        if (bytes !== undefined) return bytes;
      } finally {
        wanted.release();
      }
    }
    throw fetchError('corrupt');
  }

  heard(output: RequestOutput): void {
    this.#requestById.get(output.request)?.heard(output);
  }

  /** This node is no longer in the ring: whatever waits is rejected. */
  failAll(): void {
    for (const request of [...this.#requestById.values()]) request.fail(leftError());
    this.#requestById.clear();
  }

  #fetched(block: BlockRef, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#requestById.delete(id);
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: PeerError): void => {
        end();
        reject(error);
      };
      const abort = (): void => fail(aborted());
      const id = this.#begin({
        heard: (output) => {
          if (output.type === 'fetch-failed') return fail(fetchError(output.reason));
          end();
          resolve();
        },
        fail,
      });
      signal.addEventListener('abort', abort, { once: true });
      this.#dispatch({ type: 'fetch', request: id, block });
    });
  }

  #begin(request: Request): RequestId {
    this.#lastId += 1;
    this.#requestById.set(this.#lastId, request);
    return this.#lastId;
  }
}

export function leftError(): PeerError {
  return new PeerError('left', 'this node has left the ring: reload the page to join again');
}

function storeError(reason: StoreFailure): PeerError {
  switch (reason) {
    case 'full':
      return new PeerError('full', 'the ring has no room for this: free some, or let more tabs join');
    case 'too-many':
      return new PeerError(
        'bad-name',
        `${MAX_RECORDS_AT_KEY} files have this name already, more are not listed: give it another name`,
      );
    case 'malformed':
      return new PeerError('bad-name', 'the ring takes this for no name record: give the file another name');
    case 'timed-out':
      return new PeerError('timed-out', 'the ring did not confirm the copies in time: try again');
    case 'left':
      return leftError();
  }
}

function fetchError(reason: FetchFailure): PeerError {
  switch (reason) {
    case 'not-found':
      return new PeerError(
        'not-found',
        'no node of this ring has it: check the link, or wait for its holders to return',
      );
    case 'corrupt':
      return new PeerError('corrupt', 'every copy that was found is damaged');
    case 'timed-out':
      return new PeerError('timed-out', 'no holder answered in time: try again');
    case 'left':
      return leftError();
  }
}
