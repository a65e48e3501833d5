// Speed and time left of one transfer, from its progress reports over the last few seconds.

/** Speed is that of this last stretch, milliseconds: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 4_000;
/** Below this much evidence, milliseconds, any estimate would jump about: say none. */
const MIN_EVIDENCE_MS = 500;

interface Sample {
  readonly at: number;
  readonly doneBytes: number;
}

export interface Rate {
  readonly bytesPerSecond: number;
  /** Undefined while nothing moves. */
  readonly leftMs: number | undefined;
}

export class RateMeter {
  #samples: Sample[] = [];

  /** Notes that `doneBytes` were done at `at`, milliseconds on a clock that only moves forward. */
  note(at: number, doneBytes: number): void {
    this.#samples.push({ at, doneBytes });
    // The last sample older than the window stays: it is the window's edge.
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  /** Undefined until there is enough to judge by. */
  rate(at: number, totalBytes: number): Rate | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || at - first.at < MIN_EVIDENCE_MS) return undefined;
    const bytesPerSecond = ((last.doneBytes - first.doneBytes) / (at - first.at)) * 1000;
    const leftBytes = Math.max(0, totalBytes - last.doneBytes);
    return { bytesPerSecond, leftMs: bytesPerSecond > 0 ? (leftBytes / bytesPerSecond) * 1000 : undefined };
  }
}
