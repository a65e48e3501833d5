// What became of what is saved out of a folder, in words.

import { type SavedFile, type SavedFolder, savedText } from './saved-text.ts';
import { openMoreWords } from './words/en/open-more.ts';

/** Goes on after a colon. */
export function savedPartText(saved: SavedFile | SavedFolder): string {
  if (saved.kind !== 'folder') return savedText(saved);
  const { savedIn, savedWithout } = openMoreWords();
  const [first] = saved.without;
  return first === undefined ? savedIn(saved.name) : savedWithout(saved.name, saved.without.length, first);
}
