// The language of the page: the one that the user has chosen, or the first of the browser's that the page speaks. English comes
// with the places; another is loaded when it is spoken.

import { type Lazy, lazily } from '../peer/lazily.ts';
import { preference } from './preferences.ts';
import { CODES, type LanguageCode, localeOf, spokenLanguage } from './text/languages.ts';
import type { Catalogue } from './text/words/catalogue.ts';
import { spoken } from './text/words/spoken.ts';

const LOADERS: Readonly<Record<Exclude<LanguageCode, 'en'>, Lazy<Catalogue>>> = {
  de: lazily(async () => (await import('./text/words/de/catalogue.ts')).GERMAN),
};
/** What was asked for last; what is loaded later than it is not spoken. */
let latest: LanguageCode | undefined;

/** Undefined: as the browser wants. */
export function keptLanguage(): LanguageCode | undefined {
  const kept = preference('language');
  return CODES.find((code) => code === kept);
}

/** From now on. Never rejects: until a language can be loaded it is English. `chosen`: undefined for what the browser wants. */
export async function speak(chosen = keptLanguage()): Promise<void> {
  const wanted = chosen ?? spokenLanguage(navigator.languages);
  latest = wanted;
  if (wanted === 'en') {
    say(wanted, undefined);
    return;
  }
  const loader = LOADERS[wanted];
  const sayLoaded = (catalogue: Catalogue): void => {
    if (wanted === latest) say(wanted, catalogue);
  };
  try {
    sayLoaded(await loader.once());
  } catch (error) {
    console.error(error);
    if (wanted === latest) say('en', undefined);
    void loader.whenThere().then(sayLoaded);
  }
}

function say(language: LanguageCode, catalogue: Catalogue | undefined): void {
  spoken.value = { locale: localeOf(language, navigator.languages), catalogue };
  document.documentElement.lang = language;
}
