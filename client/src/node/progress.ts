// A line on the terminal that shows how far a transfer is, and goes away when it is over.

import { type Rate, RateMeter } from '../prompt/rate-meter.ts';
import { cleanText } from '../text/clean-text.ts';
import { formatBytes } from './bytes.ts';

/** How often the line is drawn anew at most, milliseconds: faster than anybody reads. */
const REDRAW_MS = 100;
const BAR_CHARACTERS = 24;
/** Where the terminal does not say how wide it is. */
const DEFAULT_COLUMNS = 80;
/** How often it is drawn while nothing comes, milliseconds. */
const TICK_MS = 1_000;

interface Amount {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export class Progress {
  readonly #isWatched: boolean;
  readonly #title: () => string;
  readonly #meter = new RateMeter();
  #amount: Amount | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** Draws nothing unless somebody watches. */
  constructor({ isWatched }: { readonly isWatched: boolean }, title: string | (() => string)) {
    this.#isWatched = isWatched;
    this.#title = typeof title === 'string' ? () => title : title;
  }

  readonly show = (amount: Amount): void => {
    if (!this.#isWatched) return;
    this.#amount = amount;
    const now = performance.now();
    this.#meter.note(now, amount.doneBytes);
    // Where nothing comes any more, the line says so.
    this.#ticking ??= setInterval(() => this.#draw(performance.now()), TICK_MS).unref();
    if (now - this.#drawnAt >= REDRAW_MS) this.#draw(now);
  };

  end(): void {
    if (this.#ticking === undefined) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    process.stderr.write('\r\u001b[2K');
  }

  #draw(now: number): void {
    if (this.#amount === undefined) return;
    this.#drawnAt = now;
    const rate = this.#meter.rate(now, this.#amount.totalBytes);
    const line = cleanText(progressLine(this.#title(), this.#amount, rate));
    // A line that wraps could not be taken back.
    const shown = [...line].slice(0, (process.stderr.columns || DEFAULT_COLUMNS) - 1).join('');
    process.stderr.write(`\r\u001b[2K${shown}`);
  }
}

/** [######------]  43 % of 100 MB, 23 MB/s, 3 s left: fetching report.pdf */
export function progressLine(title: string, { doneBytes, totalBytes }: Amount, rate: Rate | undefined): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(share * BAR_CHARACTERS);
  const bar = '#'.repeat(filled).padEnd(BAR_CHARACTERS, '-');
  const percent = String(Math.floor(share * 100)).padStart(3);
  const words = [`${percent} % of ${formatBytes(totalBytes)}`];
  if (rate?.leftMs !== undefined)
    words.push(`${formatBytes(Math.round(rate.bytesPerSecond))}/s`, `${formatTime(rate.leftMs / 1000)} left`);
  else if (rate !== undefined && doneBytes < totalBytes) words.push('standing still');
  return `[${bar}] ${words.join(', ')}: ${title}`;
}

/** 12 s, 3 min 5 s, 2 h 10 min. */
function formatTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
