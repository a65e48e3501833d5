// The public files of a name as a list, newest first: what tells two files of one name apart.

import type { FoundFiles } from '../../peer/api.ts';
import { missingText } from '../../prompt/missing-text.ts';
import { formatBytes } from '../bytes.ts';
import type { CommandContext } from './context.ts';

const SIZE_CHARACTERS = 10;
/** Of a storer whose clock tells a time to come. */
const UNKNOWN_DATE = 'at an unknown time     ';

export function printFiles({ print }: Pick<CommandContext, 'print'>, { files, missing }: FoundFiles): void {
  for (const { fileId, size, storedAt } of files) {
    print(`  ${dateText(storedAt)}  ${formatBytes(size).padStart(SIZE_CHARACTERS)}  ${fileId}`);
  }
  if (missing > 0) print(missingText(missing));
}

/** 2026-03-09 17:05:33 UTC, or as many characters. */
function dateText(instant: number | undefined): string {
  if (instant === undefined) return UNKNOWN_DATE;
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
