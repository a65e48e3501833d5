// Values of options as they stand on a command line or in the environment, and a clear sentence about what is wrong.

/** One option that does not make sense; the message names it. */
export class OptionError extends Error {}

/** Throws an OptionError that calls the option `name`. */
export function wholeNumber(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) throw new OptionError(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/** A variable of the environment that is on or off. Throws an OptionError that calls it `name`. */
export function isSwitchedOn(name: string, text: string | undefined): boolean {
  if (!text || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new OptionError(`${name} must be 1 or 0, not "${text}"`);
}

/** Origins with commas between. Throws an OptionError that calls the option `name`. */
export function origins(name: string, text: string | undefined): readonly string[] {
  const values = (text ?? '').split(',').map((value) => value.trim());
  return values
    .filter((value) => value !== '')
    .map((value) => {
      if (value === '*') return value;
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === value.replace(/\/$/, ''))
        return url.origin;
      throw new OptionError(
        `${name} takes origins such as https://example.org, with commas between, or *; not "${value}"`,
      );
    });
}
