// A line as words: separated by spaces, and with spaces in them between quotes. A backslash is a letter like any other,
// since paths of some systems are full of them.

import { PromptError } from './command.ts';

const QUOTES = '"\'';

/** Throws a PromptError if a quote is not closed. */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line) {
    if (quote === '' && QUOTES.includes(character)) {
      quote = character;
      word ??= '';
    } else if (character === quote) {
      quote = '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new PromptError(`the quote ${quote} is not closed: put another one at its end`);
  return word === undefined ? words : [...words, word];
}

/** A word as splitWords reads it back. */
export function quoted(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word;
  return word.includes('"') ? `'${word}'` : `"${word}"`;
}
