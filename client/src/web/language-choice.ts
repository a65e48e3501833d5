// The user's choice of a language.

import { signal } from '@preact/signals';
import { keptLanguage, speak } from './language.ts';
import { setPreference, watchPreference } from './preference-changes.ts';
import type { LanguageCode } from './text/languages.ts';

/** As each calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<LanguageCode, string>> = { en: 'English', de: 'Deutsch' };

/** Undefined: as the browser wants. */
export const chosenLanguage = signal(keptLanguage());

watchPreference('language', () => show(keptLanguage()));

export function chooseLanguage(language: LanguageCode | undefined): void {
  setPreference('language', language);
  show(language);
}

function show(language: LanguageCode | undefined): void {
  chosenLanguage.value = language;
  void speak(language);
}
