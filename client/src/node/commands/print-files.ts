// The public files of a name as a list, newest first: what tells two files of one name apart.

import type { NamedFile } from '../../peer/api.ts';
import { formatBytes } from '../bytes.ts';
import type { CommandContext } from './context.ts';

const SIZE_CHARACTERS = 10;

export function printFiles({ print }: Pick<CommandContext, 'print'>, files: readonly NamedFile[]): void {
  for (const { fileId, size, storedAt } of files) {
    print(`  ${dateText(storedAt)}  ${formatBytes(size).padStart(SIZE_CHARACTERS)}  ${fileId}`);
  }
}

/** 2026-03-09 17:05:33 UTC. */
function dateText(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
