// Which language the page's words are in, for tests; they share it, so that each puts English back.

import { GERMAN } from '../../src/web/text/words/de/catalogue.ts';
import { spoken } from '../../src/web/text/words/spoken.ts';

export function inGerman(locale = 'de'): void {
  spoken.value = { locale, catalogue: GERMAN };
}

export function inEnglish(): void {
  spoken.value = { locale: 'en', catalogue: undefined };
}
