// Numbers, bytes and plurals as the chosen language writes them.

import { scaledBytes } from '../../../prompt/format-bytes.ts';
import { spoken } from './spoken.ts';

/** A text for one and for several, which is all that the page's languages tell apart; # is the number. */
export interface Forms {
  readonly one?: string;
  readonly other: string;
}

/** Below it languages with these digits write a number alike: the first formatter costs a page that opens 30 ms. */
const FORMATTED = 1_000;

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** 1 file, 2 files. */
export function count(number: number, forms: Forms): string {
  return ((number === 1 ? forms.one : undefined) ?? forms.other).replace('#', digits(number));
}

/** 1,234 */
export function digits(number: number): string {
  return number < FORMATTED && Number.isInteger(number) ? `${number}` : made('digits', plain).format(number);
}

/** 1 byte, 64 KB, 25.4 MB. */
export function bytes(number: number): string {
  const { value, power, isRound } = scaledBytes(number);
  const unit = UNITS[power] ?? 'byte';
  const text = made(`${unit} ${isRound}`, (locale) => inUnit(locale, unit, isRound)).format(value);
  // As file managers and this page's console write it.
  return text.replace('kB', 'KB');
}

/** 12 MB/s */
export function speed(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

/** 41%, never 100% before the end. */
export function percent(done: number, total: number): string {
  const part = total <= 0 || done >= total ? 1 : Math.min(0.99, Math.floor((done / total) * 100) / 100);
  return made('percent', inPercent).format(part);
}

const plain = (locale: string) => new Intl.NumberFormat(locale);
const inPercent = (locale: string) => new Intl.NumberFormat(locale, { style: 'percent' });
function inUnit(locale: string, unit: string, isRound: boolean): Intl.NumberFormat {
  const fractionDigits = isRound ? 0 : 1;
  return new Intl.NumberFormat(locale, {
    ...{ style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short' },
    ...{ minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits },
  });
}

let madeFor = '';
const byKind = new Map<string, unknown>();

/** What formats costs more to make than to use; it is made once for a language. */
export function made<Formatter>(kind: string, make: (locale: string) => Formatter): Formatter {
  const { locale } = spoken.value;
  if (locale !== madeFor) byKind.clear();
  madeFor = locale;
  const known = byKind.get(kind) as Formatter | undefined;
  const formatter = known ?? make(locale);
  byKind.set(kind, formatter);
  return formatter;
}
