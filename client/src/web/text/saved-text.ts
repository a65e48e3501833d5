// What a browser does with a file that its user saves, in words.

import { openWords } from './words/en/open.ts';

/** browser: among its downloads. written: where its user said. */
export interface SavedFile {
  readonly kind: 'browser' | 'written';
  readonly name: string;
}

/** Into a new folder, all but `without`. */
export interface SavedFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly without: readonly string[];
}

/** Goes on after a colon. */
export function savedText({ kind, name }: SavedFile, words = openWords()): string {
  return kind === 'browser' ? words.savedAs(name) : words.written(name);
}
