// Which languages the page speaks, and which of them a user reads.

export const CODES = ['en', 'de'] as const;
export type LanguageCode = (typeof CODES)[number];

/** `wanted`: the browser's, the best first, such as de-AT. English if the page speaks none of them. */
export function spokenLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.flatMap((tag) => CODES.find((code) => isOf(tag, code)) ?? [])[0] ?? 'en';
}

/** With the user's region, for dates and numbers, if they name one. */
export function localeOf(language: LanguageCode, wanted: readonly string[]): string {
  return wanted.find((tag) => isOf(tag, language)) ?? language;
}

function isOf(tag: string, code: LanguageCode): boolean {
  return tag.toLowerCase().split('-')[0] === code;
}
