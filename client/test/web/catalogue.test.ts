// The German catalogue against the English one: the compiler sees that it has all keys; here, that they are German, and that
// nothing that a sentence is about gets lost.

import { afterEach, describe, expect, it } from 'vitest';
import { PeerError } from '../../src/peer/errors.ts';
import { serverText, standingText } from '../../src/web/text/discovery-text.ts';
import { errorText } from '../../src/web/text/error-text.ts';
import { localeOf, spokenLanguage } from '../../src/web/text/languages.ts';
import { savedPartText } from '../../src/web/text/saved-folder-text.ts';
import { GERMAN } from '../../src/web/text/words/de/catalogue.ts';
import { inEnglish, inGerman } from './in-language.ts';
import { ENGLISH, textsOf } from './texts-of.ts';

/** Words that are the same in both. */
const SAME = ['Ring', 'Link', 'Id', 'QR', 'Lookup'];
/** Here English says what came from below, and German what it means. */
const BY_CODE = /^(frame\.linkFailure|door\.wrong|trouble\.(away|error|keyChanged|leftOut))\(/;

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

describe('sentences in German', () => {
  it('have the form that goes with the number', () => {
    inGerman();
    const { frame, own, openMore, trouble } = GERMAN;
    const said = [1, 2, 1_000].map((number) => [
      frame.inRingOn(number, number),
      own.copies(number, number, number, 'safe'),
      openMore.missing(number),
      trouble.disk.cleared(number).replace(/ Die anderen.*/, ''),
    ]);
    expect(said).toEqual([
      [
        'Im Ring: 1 Tab auf 1 Gerät',
        '1 von 1 Kopie auf 1 Gerät',
        '1 weiterer Eintrag dieses Namens kam nicht rechtzeitig.',
        'Was hier gespeichert war, wurde gelöscht: 1 Block ist weg.',
      ],
      [
        'Im Ring: 2 Tabs auf 2 Geräten',
        '2 von 2 Kopien auf 2 Geräten',
        '2 weitere Einträge dieses Namens kamen nicht rechtzeitig.',
        'Was hier gespeichert war, wurde gelöscht: 2 Blöcke sind weg.',
      ],
      [
        'Im Ring: 1.000 Tabs auf 1.000 Geräten',
        '1.000 von 1.000 Kopien auf 1.000 Geräten',
        '1.000 weitere Einträge dieses Namens kamen nicht rechtzeitig.',
        'Was hier gespeichert war, wurde gelöscht: 1.000 Blöcke sind weg.',
      ],
    ]);
  });

  it('say of an error what its code means, and to what was saved where', () => {
    inGerman();
    expect(errorText(new PeerError('timed-out', 'nobody answered'))).toBe(
      'Niemand hat rechtzeitig geantwortet: Versuch es noch einmal.',
    );
    const without = ['CON', 'AUX'];
    expect(savedPartText({ kind: 'folder', name: 'Fotos', without: [] })).toBe('gespeichert in Fotos');
    expect(savedPartText({ kind: 'folder', name: 'Fotos', without })).toContain('ohne 2, die dieser Browser');
    expect(savedPartText({ kind: 'written', name: 'a.txt' })).toBe('gespeichert als a.txt');
  });

  it('say how the Discovery node stands, and as the server that it is to others', () => {
    inGerman();
    const refused = { state: 'refused', message: 'in English', reason: 'id-taken' } as const;
    expect(standingText(refused)).toMatch(
      /^Der Discovery-Knoten meldet diesen Tab gerade nicht an: Ein anderer Tab hat/,
    );
    expect(serverText({ state: 'away', message: '' })).toBe('Server nicht da: Der Ring läuft ohne ihn weiter');
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
