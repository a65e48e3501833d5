// Requests to the core as promises: lookups, lists, and the storing and fetching of single blocks. Each is a session in one
// table, of a kind that says what it waits for; what the core says goes to it by its kind.

import { unreachable } from '../core/assert.ts';
import type { Input, Output, RequestId } from '../core/io.ts';
import { type BlockRef, elsewhere } from '../core/past/block.ts';
import type { Lease } from '../core/past/lease.ts';
import type { Key } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';
import type { BlockCache, BlockSource, LocalBlocks, Travelled } from './local-blocks.ts';
import { aborted } from './parallel.ts';
import { fetchError, leftError, listError, lookupError, storeError } from './request-errors.ts';

export type LookedUp = Extract<Output, { readonly type: 'looked-up' }>;
export type Listed = Extract<Output, { readonly type: 'listed' }>;
export type LeaseTaken = Extract<Output, { readonly type: 'leased' }>;
export type Stored = Extract<Output, { readonly type: 'stored' }>;
/** And the place where it is. */
export type StoredBlock = Stored & { readonly block: BlockRef };
/** What the core says about a request. */
export type RequestOutput = Extract<Output, { readonly request: RequestId }>;

export interface LeasedBlock {
  readonly block: BlockRef;
  readonly lease: Lease;
}

/** A held block may turn out corrupt as it is read; the core then fetches another copy. */
const FETCH_ATTEMPTS = 3;

/** A promise from the other side. */
interface Promised<Value> {
  resolve(value: Value): void;
  reject(error: PeerError): void;
}

type Session =
  | { readonly type: 'lookup'; readonly key: Key; readonly promised: Promised<LookedUp> }
  | { readonly type: 'lease'; readonly promised: Promised<LeaseTaken> }
  | { readonly type: 'list'; readonly key: Key; readonly promised: Promised<Listed> }
  | {
      readonly type: 'store';
      readonly block: BlockRef;
      readonly copied: (copies: number) => void;
      readonly removeSource: () => void;
      readonly unwatch: () => void;
      readonly promised: Promised<Stored>;
    }
  | {
      readonly type: 'fetch';
      readonly block: BlockRef;
      readonly unwatch: () => void;
      readonly promised: Promised<void>;
    };

type StoreSession = Extract<Session, { readonly type: 'store' }>;

export class Requests {
  readonly #dispatch: (input: Input) => void;
  readonly #blocks: LocalBlocks;
  readonly #sessionById = new Map<RequestId, Session>();
  #lastId = 0;

  constructor(dispatch: (input: Input) => void, blocks: LocalBlocks) {
    this.#dispatch = dispatch;
    this.#blocks = blocks;
  }

  /** What is fetched from now on is kept there for others. */
  cacheIn(cache: BlockCache): void {
    this.#blocks.cache = cache;
  }

  /** Rejects with a PeerError of code timed-out or left. */
  lookup(key: Key): Promise<LookedUp> {
    return new Promise((resolve, reject) => {
      const request = this.#begin({ type: 'lookup', key, promised: { resolve, reject } });
      this.#dispatch({ type: 'lookup', request, key });
    });
  }

  /** The name records at a key. Rejects with a PeerError of code timed-out or left. */
  list(key: Key): Promise<Listed> {
    return new Promise((resolve, reject) => {
      const request = this.#begin({ type: 'list', key, promised: { resolve, reject } });
      this.#dispatch({ type: 'list', request, key });
    });
  }

  /** Brings a new lease, or a tombstone, to a block's holders. Resolves with who was asked, and who of them has it; rejects: left. */
  lease(block: BlockRef, lease: Lease): Promise<LeaseTaken> {
    return new Promise((resolve, reject) => {
      const request = this.#begin({ type: 'lease', promised: { resolve, reject } });
      this.#dispatch({ type: 'lease', request, block, lease });
    });
  }

  /**
   * Stores a block, at its first place or, where there is no room, at another one (P64); resolves at its quorum. Calls `copied` for every report of copies, from the quorum's on, until all
   * are made; so long `source` must produce the bytes. `travelled` is told how many of them have gone to another node. Rejects with a PeerError of code full, bad-name (a name record is refused), timed-out, left or aborted.
   */
  async store(
    { block, lease }: LeasedBlock,
    source: BlockSource,
    signal: AbortSignal,
    copied: (copies: number) => void,
    travelled: Travelled = () => undefined,
  ): Promise<StoredBlock> {
    const places = [block, ...elsewhere(block)];
    for (const [index, placed] of places.entries()) {
      try {
        const stored = await this.#storeAt({ block: placed, lease }, source, signal, copied, travelled);
        return { ...stored, block: placed };
      } catch (error) {
        const isFull = error instanceof PeerError && error.code === 'full';
        if (!isFull || index === places.length - 1) throw error;
      }
    }
    throw leftError(); // there is one place at least
  }

  #storeAt(
    { block, lease }: LeasedBlock,
    source: BlockSource,
    signal: AbortSignal,
    copied: (copies: number) => void,
    travelled: Travelled,
  ): Promise<Stored> {
    if (signal.aborted) return Promise.reject(aborted());
    const stopServing = this.#blocks.addSource(block.digest, source);
    const stopWatching = this.#blocks.watchTravel(block.digest, travelled);
    const removeSource = (): void => {
      stopServing();
      stopWatching();
    };
    return new Promise((resolve, reject) => {
      const unwatch = this.#watch(signal, () => request);
      const promised = { resolve, reject };
      const request = this.#begin({ type: 'store', block, copied, removeSource, unwatch, promised });
      this.#dispatch({ type: 'store', request, block, lease });
    });
  }

  /**
   * The bytes of a block, digest checked; `travelled` is told how many have come. Rejects with a PeerError of code not-found,
   * corrupt, timed-out, left or aborted.
   */
  async fetch(block: BlockRef, signal: AbortSignal, travelled: Travelled = () => undefined): Promise<Uint8Array> {
    const stopWatching = this.#blocks.watchTravel(block.digest, travelled);
    try {
      return await this.#fetch(block, signal);
    } finally {
      stopWatching();
    }
  }

  async #fetch(block: BlockRef, signal: AbortSignal): Promise<Uint8Array> {
    for (let attempt = 1; attempt <= FETCH_ATTEMPTS; attempt += 1) {
      const wanted = this.#blocks.want(block.digest);
      try {
        await this.#fetched(block, signal);
        const pulled = wanted.take();
        // Not pulled if this node holds it itself.
        const bytes = pulled ?? (await this.#blocks.load(block.digest));
        if (bytes !== undefined) return bytes;
      } finally {
        wanted.release();
      }
    }
    throw fetchError('corrupt');
  }

  /** What the core says of a request. What does not fit its kind ends it too: nobody waits for ever. */
  heard(output: RequestOutput): void {
    const { request } = output;
    const session = this.#sessionById.get(request);
    switch (session?.type) {
      case undefined:
        return; // given up by who asked
      case 'lookup':
        if (output.type !== 'looked-up') return this.#fail(request, lookupError(output, session.key));
        this.#end(request);
        return session.promised.resolve(output);
      case 'list':
        if (output.type !== 'listed') return this.#fail(request, listError(output));
        this.#end(request);
        return session.promised.resolve(output);
      case 'lease':
        if (output.type !== 'leased') return this.#fail(request, leftError());
        this.#end(request);
        return session.promised.resolve(output);
      case 'store':
        if (output.type === 'stored') return this.#stored(session, output);
        if (output.type !== 'store-settled') return this.#fail(request, storeError(output));
        this.#end(request);
        return;
      case 'fetch':
        if (output.type !== 'fetched') return this.#fail(request, fetchError(output));
        this.#end(request);
        return session.promised.resolve();
      default:
        return unreachable(session);
    }
  }

  /** This node is no longer in the ring: whatever waits is rejected. */
  failAll(): void {
    for (const request of [...this.#sessionById.keys()]) this.#fail(request, leftError());
  }

  #stored(session: StoreSession, output: Stored): void {
    // Its bytes may still be needed, but it can no longer be given up.
    session.unwatch();
    if (output.complete) session.removeSource();
    session.copied(output.holders.length);
    session.promised.resolve(output);
  }

  #fetched(block: BlockRef, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const unwatch = this.#watch(signal, () => request);
      const request = this.#begin({ type: 'fetch', block, unwatch, promised: { resolve, reject } });
      this.#dispatch({ type: 'fetch', request, block });
    });
  }

  /** Gives a request up when its asker does. Returns how to stop watching. */
  #watch(signal: AbortSignal, request: () => RequestId): () => void {
    const abort = (): void => this.#fail(request(), aborted());
    signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }

  #begin(session: Session): RequestId {
    this.#lastId += 1;
    this.#sessionById.set(this.#lastId, session);
    return this.#lastId;
  }

  /** Returns what has ended. */
  #end(request: RequestId): Session | undefined {
    const session = this.#sessionById.get(request);
    this.#sessionById.delete(request);
    if (session?.type === 'store') session.removeSource();
    if (session?.type === 'store' || session?.type === 'fetch') session.unwatch();
    return session;
  }

  #fail(request: RequestId, error: PeerError): void {
    this.#end(request)?.promised.reject(error);
  }
}
