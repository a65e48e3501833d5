// Counts the browser's connections that exist, closed ones included until the garbage collector frees them: Chromium
// throws at the 500th of a tab, and under steady use its collector may not run for minutes (measured: a tab that opened and
// closed five a second met the limit after two minutes). So the collector is asked in time, and past a bound no more are made.
// That a connection's script object was freed says little: small collections free it and leave the connection itself (measured:
// 45 objects left, 500 connections). Only a full collection frees both.

import { pressCollector } from './collector.ts';

/** No more are made past this; below Chromium's 500, since other code of the page may have some. */
const MAX_UNFREED = 440;
/** This many closed ones that are not freed are worth a collection. */
const WASTE = 128;
/** Between two requests: a collection takes some 10 to 100 ms. */
const ASK_AGAIN_MS = 10_000;

export interface LedgerSurroundings {
  /** Calls `freed` once after the script object was freed. */
  watch(connection: object, freed: () => void): void;
  /** Makes a full collection likely, and calls `collected` after it. */
  press(collected: () => void): void;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
}

export class ConnectionLedger {
  readonly #surroundings: LedgerSurroundings;
  #unfreed = 0;
  #open = 0;
  /** Closed ones whose script object is gone since the last full collection. */
  #half = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(surroundings: LedgerSurroundings = browserSurroundings()) {
    this.#surroundings = surroundings;
  }

  /** Connections that may exist, as far as the browser has told. */
  get unfreed(): number {
    return this.#unfreed;
  }

  /** False: no more for now. */
  hasRoom(): boolean {
    const now = this.#surroundings.now();
    if (this.#unfreed - this.#open >= WASTE && now - this.#askedAt >= ASK_AGAIN_MS) {
      this.#askedAt = now;
      this.#surroundings.press(() => {
        this.#unfreed -= this.#half;
        this.#half = 0;
      });
    }
    return this.#unfreed < MAX_UNFREED;
  }

  /** A connection was made. Returns what to call when it is closed. */
  made(connection: object): () => void {
    this.#unfreed += 1;
    this.#open += 1;
    this.#surroundings.watch(connection, () => {
      this.#half += 1;
    });
    return () => {
      this.#open -= 1;
    };
  }
}

function browserSurroundings(): LedgerSurroundings {
  const registry = new FinalizationRegistry((freed: () => void) => freed());
  return {
    watch: (connection, freed) => registry.register(connection, freed),
    press: pressCollector,
    now: () => performance.now(),
  };
}
