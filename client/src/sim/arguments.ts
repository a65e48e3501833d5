// Reads a command's flags; wrong usage is one line, told by main.

import { parseArgs } from 'node:util';

/** The user's mistake, in one line. */
export class UsageError extends Error {}

export interface Flags {
  /** All values of a flag, in the order given, each with its flag's name. */
  readonly inOrder: readonly { readonly name: string; readonly value: string }[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  /** A whole number from `min` to `max`. */
  whole(name: string, fallback: number | undefined, min: number, max: number): number;
  /** A number from `min` to `max`. */
  number(name: string, fallback: number | undefined, min: number, max: number): number;
}

/** `valued` flags take a value and may be repeated; `plain` ones do not. Throws UsageError. */
export function parseFlags(args: readonly string[], valued: readonly string[], plain: readonly string[]): Flags {
  const values = new Map<string, string[]>();
  const inOrder: { name: string; value: string }[] = [];
  for (const token of tokens(args, valued, plain)) {
    if (token.kind !== 'option') continue;
    const value = token.value ?? '';
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
    inOrder.push({ name: token.name, value });
  }
  const number = (name: string, fallback: number | undefined, min: number, max: number): number => {
    const text = values.get(name)?.at(-1);
    if (text === undefined && fallback === undefined) throw new UsageError(`--${name} is missing`);
    const value = text === undefined ? fallback : Number(text);
    if (value === undefined || text === '' || !(value >= min && value <= max)) {
      throw new UsageError(`--${name} wants a number from ${min} to ${max}, not "${text}"`);
    }
    return value;
  };
  return {
    inOrder,
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    number,
    whole(name, fallback, min, max) {
      const value = number(name, fallback, min, max);
      if (!Number.isInteger(value)) throw new UsageError(`--${name} wants a whole number, not "${value}"`);
      return value;
    },
  };
}

function tokens(args: readonly string[], valued: readonly string[], plain: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      tokens: true,
      options: {
        ...Object.fromEntries(valued.map((name) => [name, { type: 'string', multiple: true } as const])),
        ...Object.fromEntries(plain.map((name) => [name, { type: 'boolean' } as const])),
      },
    }).tokens;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.split('\n')[0] ?? error.message);
    throw error;
  }
}
