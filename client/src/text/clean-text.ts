// The one cleaning for what strangers write: names and types of files, devices, reasons, messages. Every way out uses it: the
// terminal, the page, the clipboard, file names, logs. What people cannot see, but terminals, readers and file systems obey,
// becomes visible (or, in a file's name, goes): controls, line breaks, marks that turn the reading order round, characters
// without width, halves of a character.

/** Controls (C0, C1), format characters (bidi, zero width, tags), lone surrogates, line and paragraph separators, and whatever
 * else Unicode says is not to be drawn. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const ONE_UNSEEN = new RegExp(`^${UNSEEN.source}$`, 'u');

/** They choose the form of the character before them, as of an emoji, or of an ideograph in a name. */
const VARIATION = /^\p{Variation_Selector}$/u;
const VARIED = /^[\p{Emoji}\p{Script=Han}\p{Script=Mongolian}]$/u;

/** The joiners: without them, words of many languages are misspelt, and families of emoji fall apart. */
const JOINER = /^[\u200c\u200d]$/u;
const JOINING =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]$/u;
const BEFORE_EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const EMOJI_FORM = '\ufe0f';
const EMOJI = /^\p{Extended_Pictographic}$/u;

/**
 * Text as it may be shown: one line, in which what cannot be seen stands as JSON would escape it (ESC as \u001b). So of a
 * line of JSON the same JSON comes out, for programs that read it. Cleaning twice changes nothing.
 */
export function cleanText(text: string): string {
  return withUnseen(text, escaped);
}

/** Text without what cannot be seen. */
export function visibleText(text: string): string {
  return withUnseen(text, () => '');
}

/** True if there is nothing to clean. */
export function isClean(text: string): boolean {
  return cleanText(text) === text;
}

function withUnseen(text: string, replaced: (unseen: string) => string): string {
  return text.replace(UNSEEN, (unseen: string, offset: number) =>
    belongs(unseen, text, offset) ? unseen : replaced(unseen),
  );
}

/** True for what is part of a character that people do see; what cannot be seen itself is cleaned away, and carries nothing. */
function belongs(unseen: string, text: string, offset: number): boolean {
  const before = characterBefore(text, offset);
  if (VARIATION.test(unseen)) return isSeen(before) && VARIED.test(before);
  if (!JOINER.test(unseen)) return false;
  const after = characterAt(text, offset + unseen.length);
  if (!isSeen(after)) return false;
  if (unseen === '\u200d' && EMOJI.test(after) && endsAnEmoji(before, text, offset - before.length)) return true;
  return isSeen(before) && JOINING.test(before) && JOINING.test(after);
}

/** `last` stands in `text` at `offset`. */
function endsAnEmoji(last: string, text: string, offset: number): boolean {
  return last === EMOJI_FORM ? belongs(last, text, offset) : BEFORE_EMOJI.test(last);
}

function isSeen(character: string): boolean {
  return !ONE_UNSEEN.test(character);
}

function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, offset: number): string {
  const pair = characterAt(text, offset - 2);
  return pair.length === 2 ? pair : text.slice(Math.max(0, offset - 1), offset);
}

/** One escape for each UTF-16 code unit. */
function escaped(unseen: string): string {
  let escapes = '';
  for (let index = 0; index < unseen.length; index += 1) {
    escapes += `\\u${unseen.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escapes;
}
