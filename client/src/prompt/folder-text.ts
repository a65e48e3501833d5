// What is said of a folder that is stored or fetched: the same words at every prompt and command.

import type { FolderEntry } from '../peer/folder-list.ts';
import { formatBytes } from './format-bytes.ts';

const SIZE_CHARACTERS = 10;
/** 2026-03-09 17:05 */
const DATE_CHARACTERS = 16;

/** 300 files, 1.2 MB. */
export function folderText(files: number, bytes: number): string {
  return `${files === 1 ? '1 file' : `${files} files`}, ${formatBytes(bytes)}`;
}

export function leftOutLine({ path, why }: { readonly path: string; readonly why: string }): string {
  return `${path}: left out: ${why}`;
}

/** `as`: its path in the folder. */
export function renamedLine({ path, as }: { readonly path: string; readonly as: string }): string {
  return `${path}: its name would not do everywhere; called ${as}`;
}

/** `    1.2 MB  2026-03-09 17:05  summer/beach.jpg`, or an empty folder, with a slash at its end. */
export function entryLine(entry: FolderEntry): string {
  if (entry.kind === 'folder') return `${''.padStart(SIZE_CHARACTERS)}  ${''.padEnd(DATE_CHARACTERS)}  ${entry.path}/`;
  const { path, size, modified } = entry;
  const date =
    modified === undefined ? '' : new Date(modified).toISOString().slice(0, DATE_CHARACTERS).replace('T', ' ');
  return `${formatBytes(size).padStart(SIZE_CHARACTERS)}  ${date.padEnd(DATE_CHARACTERS)}  ${path}`;
}
