// The way of an entry in a folder: names with `/` between them, from the folder down. It comes from whoever stored the folder, so it
// is checked on its way in and on its way out: none leads out of the folder, names a device, or says what people cannot see.

import { visibleText } from '../text/clean-text.ts';
import { FORBIDDEN, fitting, TRAILING, UNNAMED } from './safe-file-name.ts';

/** UTF-16 code units of a path: Linux takes 4,096 bytes, the place of the folder included. */
export const MAX_PATH_CHARACTERS = 2_000;
/** UTF-8 bytes of a name; file systems take 255, and one that another one has gets a number. */
const MAX_PART_BYTES = 240;
/** Folders in each other; no program's own files go half as deep. */
const MAX_DEPTH = 64;

/** The path as it may be written anywhere; undefined if it leads out of the folder, or to no place in it. Twice changes nothing. */
export function safePath(path: string): string | undefined {
  if (path.length > MAX_PATH_CHARACTERS) return undefined;
  const parts = path.split('/');
  if (parts.length > MAX_DEPTH || parts.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  // The system would take the name to end there.
  if (path.includes('\0')) return undefined;
  return parts.map(safePathPart).join('/');
}

/** As a file's own name is made safe; but in a folder that its user chose a place for, hidden files and dashes are as its owner has them. */
function safePathPart(part: string): string {
  const visible = visibleText(part.normalize('NFC')).normalize('NFC').replace(FORBIDDEN, '_').replace(TRAILING, '');
  return visible === '' ? UNNAMED : fitting(visible, MAX_PART_BYTES);
}

/** The folders in which a path stands, the outermost first. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** As a file system that is blind to case compares names, nearly: what differs for it differs here too. */
export function caseless(path: string): string {
  return path.toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * A path for each file that neither another file nor a folder has; one that is taken gets a number before its ending: `a (2).txt`.
 * `keyOf`: what makes two paths one. `folders`: all folders that are there besides those in which the files stand.
 */
export function withoutCollisions(
  files: readonly string[],
  folders: Iterable<string>,
  keyOf: (path: string) => string,
): readonly string[] {
  const taken = new Set<string>();
  for (const folder of folders) for (const one of [...foldersAbove(folder), folder]) taken.add(keyOf(one));
  for (const file of files) for (const one of foldersAbove(file)) taken.add(keyOf(one));
  const lastNumberByKey = new Map<string, number>();
  return files.map((file) => {
    let path = file;
    const key = keyOf(file);
    // Goes on where it stopped: a list in which all paths are alike takes no longer than another.
    let number = lastNumberByKey.get(key) ?? 1;
    while (taken.has(keyOf(path))) {
      number += 1;
      path = numbered(file, number);
    }
    lastNumberByKey.set(key, number);
    taken.add(keyOf(path));
    return path;
  });
}

function numbered(path: string, number: number): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = /.(\.[^.\s]{1,16})$/.exec(name)?.[1] ?? '';
  return `${path.slice(0, path.length - ending.length)} (${number})${ending}`;
}
