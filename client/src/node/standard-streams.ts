// Where a program of this project says its words: the only way from it to a terminal, a pipe or a log, besides the prompt
// (prompt/line-reader.ts) and the bytes of files. What is said may hold words of strangers: each line is cleaned here, and
// coloured only after that.

import { inspect } from 'node:util';
import { cleanText } from '../text/clean-text.ts';
import { painter, type Style } from './colours.ts';
import { whyUnwritable } from './system-errors.ts';

/** Says one line; `style` shows only on a terminal. */
export type Say = (line: string, style?: Style) => void;

export function sayOn(
  stream: { write(text: string): unknown; readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Say {
  const paint = painter(stream, environment);
  return (line, style) => {
    const clean = cleanText(line);
    stream.write(`${style === undefined ? clean : paint(style, clean)}\n`);
  };
}

interface Emitter {
  on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): unknown;
}

/** Ends the process by `exit` when its output can no longer be written. What is told beside may be lost: the work is worth more. */
export function watchStreams(output: Emitter, told: Emitter, tell: Say, exit: (code: number) => void): void {
  // Whatever stands there is no longer read, or cannot be: nobody is left to be told that.
  told.on('error', () => undefined);
  output.on('error', (error) => {
    // Whoever read the output, such as "head", has enough.
    if (error.code !== 'EPIPE') tell(`tabring: cannot write to standard output: ${whyUnwritable(error)}`);
    exit(1);
  });
}

/** Says several lines: a mistake in the program and where, for whoever mends it. */
export function sayBug(say: Say, error: unknown): void {
  for (const line of inspect(error).split('\n')) say(line);
}
