// A secret from whoever starts a command: typed on a terminal, where it is not shown, or the first line of a pipe.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OptionError } from './option-values.ts';

/** Rejects with an OptionError if nothing comes. */
export async function readSecret(prompt: string): Promise<string> {
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (isTerminal) process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTerminal });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => reject(new OptionError('no password was given')));
      lines.once('SIGINT', () => reject(new OptionError('no password was given')));
    });
  } finally {
    if (isTerminal) process.stderr.write('\n');
    lines.close();
  }
}
