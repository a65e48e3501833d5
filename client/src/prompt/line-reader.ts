// Lines of commands from standard input: on a terminal with editing, history and completion, from a pipe one after the other.
// A line is run when the one before it is done. Also where lines are printed, so that they do not run into what is being typed;
// they may hold words of strangers, and are cleaned.

import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { inspect } from 'node:util';
import { cleanText, isClean } from '../text/clean-text.ts';

export interface LineReaderOptions {
  /** What stands before the line on a terminal. */
  readonly prompt: string;
  /** Never rejects. */
  run(line: string): Promise<unknown>;
  /** The lines that `line` may become. */
  complete(line: string): readonly string[];
  /** The input is at its end: Ctrl+D on a terminal, or the end of a pipe. */
  ended(isTerminal: boolean): void;
}

export class LineReader {
  readonly isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  #interface: Interface | undefined;
  #isRunning = false;

  /** Reads until `close` or the end of the input. */
  start(options: LineReaderOptions): void {
    // A job in the background that reads from its terminal is stopped by the system.
    if (process.stdin.isTTY === true && !isInForeground()) return;
    const lines = createInterface({
      input: process.stdin,
      ...(this.isTerminal ? { output: process.stdout, prompt: options.prompt } : {}),
      terminal: this.isTerminal,
      // A name that cannot be shown as it is can only be typed as something else.
      completer: (line: string) => [withSpace(options.complete(line).filter(isClean)), line],
      removeHistoryDuplicates: true,
    });
    this.#interface = lines;
    let last: Promise<unknown> = Promise.resolve();
    lines.on('line', (line) => {
      last = last.then(async () => {
        if (this.#interface === undefined) return;
        this.#isRunning = true;
        await options.run(line);
        this.#isRunning = false;
        this.#showPrompt();
      });
    });
    // On a terminal in raw mode no signal comes of the key.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.on('close', () => {
      void last.then(() => {
        if (this.#interface !== undefined) options.ended(process.stdin.isTTY === true);
      });
    });
    process.stdin.on('error', () => lines.close());
    this.#showPrompt();
  }

  /** Characters that fit in a line; undefined where no terminal shows it. */
  get columns(): number | undefined {
    // 0: a terminal that does not know.
    return (process.stdout.isTTY === true && process.stdout.columns) || undefined;
  }

  /** Prints a line; what is being typed moves below it. */
  readonly print = (line: string): void => this.#write(process.stdout, line);

  readonly tell = (line: string): void => this.#write(process.stderr, line);

  /** A mistake in the program, for whoever mends it: what and where. */
  readonly bug = (error: unknown): void => {
    for (const line of inspect(error).split('\n')) this.tell(line);
  };

  /** Reads no further; the terminal is as it was. */
  close(): void {
    const lines = this.#interface;
    this.#interface = undefined;
    if (lines === undefined) return;
    if (this.isTerminal && !this.#isRunning) process.stdout.write('\r\u001b[2K');
    lines.close();
  }

  #write(stream: NodeJS.WriteStream, line: string): void {
    const isPrompting = this.isTerminal && this.#interface !== undefined && !this.#isRunning;
    const clean = cleanText(line);
    stream.write(isPrompting ? `\r\u001b[J${clean}\n` : `${clean}\n`);
    if (isPrompting) this.#interface?.prompt(true);
  }

  #showPrompt(): void {
    if (this.isTerminal) this.#interface?.prompt();
  }
}

/** The next word may follow at once where there is no choice; not after a folder, which goes on. */
function withSpace(completions: readonly string[]): string[] {
  const [only, ...others] = completions;
  return only === undefined || others.length > 0 || /\/["']?$/.test(only) ? [...completions] : [`${only} `];
}

/** True if what is typed on the terminal comes to this process; also where nobody can tell. */
function isInForeground(): boolean {
  let status: string;
  try {
    status = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return true; // not Linux
  }
  // After the name in brackets: state, parent, process group, session, terminal, the terminal's process group.
  const [, , group, , , foregroundGroup] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return group === foregroundGroup;
}
