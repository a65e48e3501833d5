// A secret from whoever starts a command: typed on a terminal, where it is not shown, or the first line of a pipe.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Undefined if none is given: the input is at its end, or Ctrl+C. */
export async function readSecret(prompt: string): Promise<string | undefined> {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (isTerminal) process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTerminal });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      lines.once('SIGINT', () => resolve(undefined));
    });
  } finally {
    if (isTerminal) process.stderr.write('\n');
    lines.close();
  }
}
