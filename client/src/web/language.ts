// The language of the page: the one that the user has chosen, or the first of the browser's that the page speaks. English comes
// with the places; another is loaded when it is spoken.

import { preference } from './preferences.ts';
import { CODES, type LanguageCode, localeOf, spokenLanguage } from './text/languages.ts';
import type { Catalogue } from './text/words/catalogue.ts';
import { spoken } from './text/words/spoken.ts';

const LOADERS: Readonly<Record<Exclude<LanguageCode, 'en'>, () => Promise<Catalogue>>> = {
  de: async () => (await import('./text/words/de/catalogue.ts')).GERMAN,
};
/** What was asked for last; what is loaded later than it is not spoken. */
let latest: LanguageCode | undefined;

/** Undefined: as the browser wants. */
export function keptLanguage(): LanguageCode | undefined {
  const kept = preference('language');
  return CODES.find((code) => code === kept);
}

/** From now on. Never rejects: a language that cannot be loaded is English. `chosen`: undefined for what the browser wants. */
export async function speak(chosen = keptLanguage()): Promise<void> {
  const { languages } = navigator;
  let language = chosen ?? spokenLanguage(languages);
  latest = language;
  let catalogue: Catalogue | undefined;
  try {
    if (language !== 'en') catalogue = await LOADERS[language]();
  } catch (error) {
    console.error(error);
    language = 'en';
    latest = language;
  }
  if (language !== latest) return;
  spoken.value = { locale: localeOf(language, languages), catalogue };
  document.documentElement.lang = language;
}
