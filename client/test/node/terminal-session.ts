// A program at which somebody types commands, with what it prints: as a terminal would show both. For transcripts.

import type { Command } from './command.ts';
import { until } from './node-peers.ts';

export class TerminalSession {
  readonly #title: string;
  readonly #command: Command;
  /** What was typed, and how much had been printed before. */
  readonly #typed: { readonly at: number; readonly line: string }[] = [];

  /** `title`: how the program was called. */
  constructor(title: string, command: Command) {
    this.#title = title;
    this.#command = command;
  }

  /** Waits until this has been printed since the last command; returns the rest of that line. */
  shows(text: string): Promise<string> {
    return this.#command.matched(text, this.#typed.at(-1)?.at ?? 0);
  }

  /** Waits until lines that fit have been printed so many times, over all. */
  async showsTimes(line: RegExp, times: number): Promise<void> {
    await until(() => (this.#command.stdout.match(line) ?? []).length >= times);
  }

  /** Types a command. */
  type(line: string): void {
    this.#typed.push({ at: this.#command.stdout.length, line });
    this.#command.type(line);
  }

  /** Types a command, and waits for the beginning of the line with which its answer ends. */
  async ask(line: string, last: string): Promise<void> {
    this.type(line);
    await this.shows(last);
  }

  /** Waits for the program's end; returns all that the terminal showed, errors and the exit code last. */
  async ended(): Promise<string> {
    const { code, stdout, stderr } = await this.#command.ended;
    let shown = `$ ${this.#title}\n`;
    let from = 0;
    for (const { at, line } of this.#typed) {
      shown += `${stdout.slice(from, at)}> ${line}\n`;
      from = at;
    }
    return `${shown}${stdout.slice(from)}${stderr}(exit code ${code})\n`;
  }
}
