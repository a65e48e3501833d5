// Values of options as they stand on a command line or in the environment, and a clear sentence about what is wrong.

import { hostNameOf } from './known-hosts.ts';

/** One option that does not make sense; the message names it. */
export class OptionError extends Error {}

/** Throws an OptionError that calls the option `name`. */
export function wholeNumber(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) throw new OptionError(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/** A number above 0, with a point if need be. Throws an OptionError that calls the option `name`. */
export function positiveNumber(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new OptionError(`${name} must be a number above 0, not "${text}"`);
  return value;
}

/** A variable of the environment that is on or off. Throws an OptionError that calls it `name`. */
export function isSwitchedOn(name: string, text: string | undefined): boolean {
  if (!text || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new OptionError(`${name} must be 1 or 0, not "${text}"`);
}

/** Origins with commas between. Throws an OptionError that calls the option `name`. */
export function origins(name: string, text: string | undefined): readonly string[] {
  return listed(text).map((value) => {
    if (value === '*') return value;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === value.replace(/\/$/, ''))
      return url.origin;
    throw new OptionError(
      `${name} takes origins such as https://example.org, with commas between, or *; not "${value}"`,
    );
  });
}

/** Host names with commas between. Throws an OptionError that calls the option `name`. */
export function hostNames(name: string, text: string | undefined): readonly string[] {
  return listed(text).map((value) => {
    const host = /^[\w.-]+$/.test(value) ? hostNameOf(value) : undefined;
    if (host !== undefined) return host;
    throw new OptionError(`${name} takes names such as ring.example.org, with commas between; not "${value}"`);
  });
}

/** A path without a slash at its end; '' for none. Throws an OptionError that calls the option `name`. */
export function basePath(name: string, text: string | undefined): string {
  const path = (text ?? '').replace(/\/$/, '');
  if (/^(\/[\w~-][\w.~-]*)*$/.test(path)) return path;
  throw new OptionError(`${name} takes a path such as /tabring, not "${text}"`);
}

function listed(text: string | undefined): readonly string[] {
  const values = (text ?? '').split(',').map((value) => value.trim());
  return values.filter((value) => value !== '');
}
