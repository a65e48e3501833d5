// A file's name comes from whoever stored it: made harmless before it is shown or proposed for saving.

// Control characters, path separators, and the marks that reverse the reading order (which disguise "exe" as "txt").
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const HARMFUL = /[\u0000-\u001f\u007f-\u009f/\\\u202a-\u202e\u2066-\u2069]/g;
/** What is left when nothing harmless is. */
const UNNAMED = 'unnamed file';

export function safeFileName(name: string): string {
  const safe = name.replace(HARMFUL, '').trim();
  return /^\.*$/.test(safe) ? UNNAMED : safe;
}
