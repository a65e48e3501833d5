// The files that paths on a command line stand for.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from './context.ts';

export const STANDARD_INPUT = '-';

/** Files as they are; folders as all files in them and below, by name. Rejects with a CommandError that names the path. */
export async function listFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) await collect(path, files);
  if (files.length === 0) throw new CommandError('there are no files in it');
  return files;
}

async function collect(path: string, files: string[]): Promise<void> {
  if (path === STANDARD_INPUT) {
    files.push(path);
    return;
  }
  const kind = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!kind.isDirectory()) {
    files.push(path);
    return;
  }
  const names = await readdir(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  for (const name of names.toSorted()) await collect(join(path, name), files);
}

function unreadable(path: string, error: unknown): CommandError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = code === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : String(error);
  return new CommandError(`${path}: ${why}`, error);
}
