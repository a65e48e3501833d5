// The German catalogue against the English one: the compiler sees that it has all keys; here, that they are German, and that
// nothing that a sentence is about gets lost.

import { afterEach, describe, expect, it } from 'vitest';
import { localeOf, spokenLanguage } from '../../src/web/text/languages.ts';
import { GERMAN } from '../../src/web/text/words/de/catalogue.ts';
import { inEnglish, inGerman } from './in-language.ts';
import { ENGLISH, textsOf } from './texts-of.ts';

/** Words that are the same in both. */
const SAME = ['Ring', 'Link', 'Id', 'QR', 'Lookup'];
/** Here English says what came from below, and German what it means. */
const BY_CODE = /^(transfer\.(error|leftOut)|frame\.linkFailure|door\.wrong|trouble\.(away|keyChanged))\(/;

afterEach(inEnglish);

function both(): readonly { readonly key: string; readonly english: string; readonly german: string }[] {
  inEnglish();
  const english = textsOf(ENGLISH);
  inGerman();
  const german = new Map(textsOf(GERMAN).map(({ key, text }) => [key, text]));
  return english.map(({ key, text }) => ({ key, english: text, german: german.get(key) ?? '' }));
}

describe('German', () => {
  it('has a text wherever English has one, and no others', () => {
    expect(
      textsOf(GERMAN)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(
      textsOf(ENGLISH)
        .map(({ key }) => key)
        .sort(),
    );
    expect(both().length).toBeGreaterThan(250);
  });

  it('has no English left in it', () => {
    const untranslated = both().filter(
      ({ english, german }) => english === german && /\p{L}{2}/u.test(english.replace(/\bms$/, '')),
    );
    expect(untranslated.filter(({ english }) => !SAME.includes(english))).toEqual([]);
  });

  it('says all that it is given', () => {
    const lost = both().filter(({ english, german }) => {
      const given = english.match(/\{\w+\}|\b1[1-4]\b/g) ?? [];
      return german.includes('undefined') || german === ''
        ? english !== ''
        : given.some((part) => !german.includes(part));
    });
    expect(lost.map(({ key }) => key).filter((key) => !BY_CODE.test(key))).toEqual([]);
  });
});

describe('the language', () => {
  it('is the first of the browser’s that the page speaks, else English', () => {
    expect(spokenLanguage(['fr', 'de-AT', 'en'])).toBe('de');
    expect(spokenLanguage(['en-GB', 'de'])).toBe('en');
    expect(spokenLanguage(['DE'])).toBe('de');
    expect([spokenLanguage(['den', 'fr']), spokenLanguage([])]).toEqual(['en', 'en']);
  });

  it('writes numbers and dates as where the user is', () => {
    expect(localeOf('de', ['en-US', 'de-CH'])).toBe('de-CH');
    expect(localeOf('de', ['en-US'])).toBe('de');
  });
});
