// What a browser does with a file that its user saves, in words.

import { openWords } from './words/en/open.ts';

/** browser: among its downloads. written: where its user said. folder: into a new folder, all but `without`. */
export type Saved =
  | { readonly kind: 'browser' | 'written'; readonly name: string }
  | { readonly kind: 'folder'; readonly name: string; readonly without: readonly string[] };

/** Goes on after a colon. */
export function savedText(saved: Saved, words = openWords()): string {
  const { name } = saved;
  if (saved.kind !== 'folder') return saved.kind === 'browser' ? words.savedAs(name) : words.written(name);
  const [first] = saved.without;
  return first === undefined ? words.savedIn(name) : words.savedWithout(name, saved.without.length, first);
}
