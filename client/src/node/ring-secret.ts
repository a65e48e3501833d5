// Where a command has the secret of a closed ring from: a file, the environment, an invitation, or whoever sits at the terminal.

import { readFile } from 'node:fs/promises';
import { readSecret } from '../prompt/secret-input.ts';
import type { AskSecret } from '../stores/ring-entries.ts';
import { cleanText } from '../text/clean-text.ts';
import { CommandError } from './commands/context.ts';
import { whyUnreadable } from './system-errors.ts';

export interface SecretSources {
  /** Named by the user. */
  readonly file: string | undefined;
  readonly variable: string | undefined;
  /** Of an invitation link. */
  readonly invitation: string | undefined;
}

/** Each source is asked once: what was wrong once is wrong again. Rejects with a CommandError: the file cannot be read. */
export function secretFrom({ file, variable, invitation }: SecretSources): AskSecret {
  const given = [
    async () => invitation,
    async () => (file === undefined ? undefined : firstLine(file)),
    async () => variable || undefined,
  ];
  return async (problem) => {
    for (let next = given.shift(); next !== undefined; next = given.shift()) {
      const secret = await next();
      if (secret !== undefined) return secret;
    }
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
    if (problem !== undefined) process.stderr.write(`${cleanText(problem)}\n`);
    return readSecret('password of the ring: ');
  };
}

async function firstLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    throw new CommandError(`cannot read the password in ${path}: ${whyUnreadable(error)}: name another file`, error);
  }
}
