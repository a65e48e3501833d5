// Words of a user in what is said of them: one of a hundred thousand characters must not fill the screen.

/** A path of Linux may be longer, but what is said of it is then as clear without its middle. */
const MAX_CHARACTERS = 300;
const KEPT_CHARACTERS = 80;

/** The text with the rest of each very long word cut off, but for the marks that follow it. */
export function withoutLongWords(text: string): string {
  return text.replace(/\S+/g, (word) => {
    if (word.length <= MAX_CHARACTERS) return word;
    const marks = /["':;,.)]{0,3}$/.exec(word)?.[0] ?? '';
    return `${word.slice(0, KEPT_CHARACTERS)}…${marks}`;
  });
}
