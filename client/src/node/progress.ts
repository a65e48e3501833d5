// A line on the terminal that shows how far a transfer is, and goes away when it is over.

import { formatBytes } from './bytes.ts';

/** How often the line is drawn anew at most, milliseconds: faster than anybody reads. */
const REDRAW_MS = 100;

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

  readonly show = ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): void => {
    const now = performance.now();
    if (!this.#isWatched || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#isDrawn = true;
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000);
    const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
    const speed = `${formatBytes(Math.round(doneBytes / seconds))}/s`;
    process.stderr.write(`\r\u001b[2K${this.#title}: ${percent} % of ${formatBytes(totalBytes)}, ${speed}`);
  };

  end(): void {
    if (this.#isDrawn) process.stderr.write('\r\u001b[2K');
    this.#isDrawn = false;
  }
}
