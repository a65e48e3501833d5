// A line on the terminal that shows how far a transfer is, and goes away when it is over.

import { formatBytes } from './bytes.ts';

/** How often the line is drawn anew at most, milliseconds: faster than anybody reads. */
const REDRAW_MS = 100;
const BAR_CHARACTERS = 24;
/** Where the terminal does not say how wide it is. */
const DEFAULT_COLUMNS = 80;
/** A rate over less than this says nothing about the rest, seconds. */
const MIN_RATE_SECONDS = 1;

interface Amount {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export class Progress {
  readonly #isWatched: boolean;
  readonly #title: string;
  readonly #startedAt = performance.now();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  /** Draws nothing unless somebody watches. */
  constructor({ isWatched }: { readonly isWatched: boolean }, title: string) {
    this.#isWatched = isWatched;
    this.#title = title;
  }

  readonly show = (amount: Amount): void => {
    const now = performance.now();
    if (!this.#isWatched || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const line = progressLine(this.#title, amount, (now - this.#startedAt) / 1000);
    // A line that wraps could not be taken back.
    const shown = [...line].slice(0, (process.stderr.columns || DEFAULT_COLUMNS) - 1).join('');
    process.stderr.write(`\r\u001b[2K${shown}`);
  };

  end(): void {
    if (this.#isDrawn) process.stderr.write('\r\u001b[2K');
    this.#isDrawn = false;
  }
}

/** [######------]  43 % of 100 MB, 23 MB/s, 3 s left: fetching report.pdf */
export function progressLine(title: string, { doneBytes, totalBytes }: Amount, seconds: number): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(share * BAR_CHARACTERS);
  const bar = '#'.repeat(filled).padEnd(BAR_CHARACTERS, '-');
  const percent = String(Math.floor(share * 100)).padStart(3);
  const words = [`${percent} % of ${formatBytes(totalBytes)}`];
  if (seconds >= MIN_RATE_SECONDS && doneBytes > 0) {
    const rate = doneBytes / seconds;
    words.push(`${formatBytes(Math.round(rate))}/s`, `${formatTime((totalBytes - doneBytes) / rate)} left`);
  }
  return `[${bar}] ${words.join(', ')}: ${title}`;
}

/** 12 s, 3 min 5 s, 2 h 10 min. */
function formatTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
