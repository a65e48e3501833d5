// Counts the browser's connections that exist, closed ones included until the garbage collector frees them: Chromium
// throws at the 500th of a tab, and under steady use its collector may not run for minutes (measured: a tab that opened and
// closed five a second met the limit after two minutes). So the collector is asked in time, and past a bound no more are made.

/** No more are made past this; below Chromium's 500, since other code of the page may have some. */
const MAX_UNFREED = 440;
/** This many closed ones that are not freed are worth a collection. */
const WASTE = 128;
/** Between two requests: a collection takes some 10 to 100 ms. */
const ASK_AGAIN_MS = 10_000;
/** Memory that is asked for and not touched, which makes the collector look: 256 MiB freed 116 of 160 within 3 s. */
const PRESSURE_BYTES = 32 * 1024 * 1024;
const PRESSURE_PIECES = 8;

export interface LedgerSurroundings {
  /** Calls `freed` once after `connection` was freed. */
  watch(connection: object, freed: () => void): void;
  /** Makes the garbage collector likely to run. */
  press(): void;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
}

export class ConnectionLedger {
  readonly #surroundings: LedgerSurroundings;
  #unfreed = 0;
  #open = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(surroundings: LedgerSurroundings = browserSurroundings()) {
    this.#surroundings = surroundings;
  }

  /** Connections that exist, as far as the browser has told. */
  get unfreed(): number {
    return this.#unfreed;
  }

  /** False: no more for now. */
  hasRoom(): boolean {
    const now = this.#surroundings.now();
    if (this.#unfreed - this.#open >= WASTE && now - this.#askedAt >= ASK_AGAIN_MS) {
      this.#askedAt = now;
      this.#surroundings.press();
    }
    return this.#unfreed < MAX_UNFREED;
  }

  /** A connection was made. Returns what to call when it is closed. */
  made(connection: object): () => void {
    this.#unfreed += 1;
    this.#open += 1;
    this.#surroundings.watch(connection, () => {
      this.#unfreed -= 1;
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
    press: () => {
      try {
        for (let piece = 0; piece < PRESSURE_PIECES; piece += 1) new ArrayBuffer(PRESSURE_BYTES);
      } catch {
        // No such memory: then the collector has been asked even more urgently.
      }
    },
    now: () => performance.now(),
  };
}
