// Speed and time left of one transfer, from its progress reports over the last few seconds.

/** Speed is that of this last stretch, milliseconds: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 4_000;
/** Below this much evidence, milliseconds, any estimate would jump about: say none. */
const MIN_EVIDENCE_MS = 500;
/** Reports come with every chunk; samples closer together than this tell nothing more, milliseconds. */
const SAMPLE_EVERY_MS = 50;

interface Sample {
  readonly at: number;
  readonly doneBytes: number;
}

export interface Rate {
  /** 0: it stands still. */
  readonly bytesPerSecond: number;
  /** Undefined while nothing moves. */
  readonly leftMs: number | undefined;
}

export class RateMeter {
  #samples: Sample[] = [];

  /** Notes that `doneBytes` were done at `at`, milliseconds on a clock that only moves forward. */
  note(at: number, doneBytes: number): void {
    const before = this.#samples.at(-2);
    if (before !== undefined && at - before.at < SAMPLE_EVERY_MS) this.#samples.pop();
    this.#samples.push({ at, doneBytes });
    // The last sample older than the window stays: it is the window's edge.
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  /** At `at`, not before the last note. Undefined until there is enough to judge by. */
  rate(at: number, totalBytes: number): Rate | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || at - first.at < MIN_EVIDENCE_MS) return undefined;
    // What was done when the window began; since then it may have stood still.
    const edge = this.#samples.findLast((sample) => sample.at <= at - WINDOW_MS) ?? first;
    const bytesPerSecond = ((last.doneBytes - edge.doneBytes) / Math.min(WINDOW_MS, at - edge.at)) * 1000;
    const leftBytes = Math.max(0, totalBytes - last.doneBytes);
    return { bytesPerSecond, leftMs: bytesPerSecond > 0 ? (leftBytes / bytesPerSecond) * 1000 : undefined };
  }
}
