// The files of a folder as people look for them: those of one folder together, numbers in names as numbers. Pure.

import { made } from './words/amounts.ts';

interface WithPath {
  /** From the folder down, with `/`. */
  readonly path: string;
}

/** Files that lie in the folder itself come first. */
export function inOrder<File extends WithPath>(files: readonly File[]): readonly File[] {
  // So file managers do: 2 before 10.
  const { compare } = made('order', (locale) => new Intl.Collator(locale, { numeric: true }));
  return files
    .map((file) => {
      const end = file.path.lastIndexOf('/');
      return { file, folder: file.path.slice(0, Math.max(0, end)), name: file.path.slice(end + 1) };
    })
    .sort((a, b) => compare(a.folder, b.folder) || compare(a.name, b.name))
    .map(({ file }) => file);
}

/** Those whose paths have all words of `wanted` in them, in capitals or not. */
export function matching<File extends WithPath>(files: readonly File[], wanted: string): readonly File[] {
  const words = wanted.normalize('NFC').toLowerCase().split(/\s+/);
  return files.filter(({ path }) => {
    const low = path.toLowerCase();
    return words.every((word) => low.includes(word));
  });
}
