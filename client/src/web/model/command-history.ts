// The lines that were entered at a prompt, to go back to with the arrow keys.

/** More than anybody goes back. */
const MAX_LINES = 200;

export class CommandHistory {
  readonly #lines: string[] = [];
  /** Which line is shown; as many as there are lines: the one being typed. */
  #place = 0;
  /** What was being typed before going back. */
  #draft = '';

  /** Remembers a line; one that is repeated, once. */
  add(line: string): void {
    if (line.trim() !== '' && line !== this.#lines.at(-1)) this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    this.#place = this.#lines.length;
    this.#draft = '';
  }

  /** The line before or after the one shown, of which `current` is what it has become; stays at both ends. */
  move(step: -1 | 1, current: string): string {
    if (this.#place === this.#lines.length) this.#draft = current;
    this.#place = Math.min(this.#lines.length, Math.max(0, this.#place + step));
    return this.#lines[this.#place] ?? this.#draft;
  }
}
