// Codecs: each says once how a value is written as compact JSON and how it is checked when read back, so that the
// two cannot drift apart. Records become arrays in the order of their fields. Hand-written instead of valibot because
// the simulator decodes millions of messages: a leaf set of 16 takes 7 microseconds to parse and check, not 11.

export type Json = string | number | boolean | null | readonly Json[];

/** Why a text was refused; caught where frames are decoded and never seen outside wire/. */
export class Malformed extends Error {}

export interface Codec<T> {
  encode(value: T): Json;
  /** Throws Malformed if `json` is no T. */
  decode(json: unknown): T;
}

export type Decoded<C> = C extends Codec<infer T> ? T : never;

/** A string that matches `pattern` and has at most `maxCharacters`. */
export function text<T extends string = string>(what: string, maxCharacters: number, pattern?: RegExp): Codec<T> {
  return {
    encode: (value) => value,
    decode(json) {
      if (typeof json !== 'string' || json.length > maxCharacters || (pattern !== undefined && !pattern.test(json)))
        throw new Malformed(`not ${what}`);
      return json as T;
    },
  };
}

export function oneOf<T extends string>(...values: readonly T[]): Codec<T> {
  return {
    encode: (value) => value,
    decode(json) {
      for (const value of values) if (json === value) return value;
      throw new Malformed(`not one of ${values.join(', ')}`);
    },
  };
}

export function integer(what: string, max: number): Codec<number> {
  return {
    encode: (value) => value,
    decode(json) {
      if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0 || json > max)
        throw new Malformed(`not ${what}`);
      return json;
    },
  };
}

export const flag: Codec<boolean> = {
  encode: (value) => (value ? 1 : 0),
  decode(json) {
    if (json !== 0 && json !== 1) throw new Malformed('not a flag');
    return json === 1;
  },
};

/** Null where there is none. */
export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    encode: (value) => (value === undefined ? null : codec.encode(value)),
    decode: (json) => (json === null ? undefined : codec.decode(json)),
  };
}

export function list<T>(item: Codec<T>, maxItems: number): Codec<readonly T[]> {
  return {
    encode: (values) => values.map((value) => item.encode(value)),
    decode(json) {
      if (!Array.isArray(json) || json.length > maxItems) throw new Malformed(`not a list of at most ${maxItems}`);
      return json.map((value) => item.decode(value));
    },
  };
}

// Method syntax makes parameters bivariant, so that any Codec<T> is a Codec<unknown> here.
type Fields = Readonly<Record<string, Codec<unknown>>>;
type Recorded<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** An object with exactly these fields, written as an array in their order. */
export function record<F extends Fields>(fields: F): Codec<Recorded<F>> {
  const fieldList = Object.entries(fields);
  return {
    encode: (value) => encodeFields(fieldList, value, []),
    decode(json) {
      if (!Array.isArray(json)) throw new Malformed('not a record');
      return decodeFields(fieldList, json, 0, {}) as Recorded<F>;
    },
  };
}

type Variants = Readonly<Record<string, Fields>>;
type Tagged<Tag extends string, V extends Variants> = {
  readonly [K in keyof V]: { readonly [T in Tag]: K } & Recorded<V[K]>;
}[keyof V];

/** A union told apart by its field `tag`, written as an array: the tag's value, then the variant's fields. */
export function tagged<Tag extends string, V extends Variants>(tag: Tag, variants: V): Codec<Tagged<Tag, V>> {
  const fieldListByName = new Map(Object.entries(variants).map(([name, fields]) => [name, Object.entries(fields)]));
  return {
    encode(value) {
      const name = value[tag] as string;
      return encodeFields(fieldListByName.get(name) ?? [], value, [name]);
    },
    decode(json) {
      if (!Array.isArray(json) || typeof json[0] !== 'string') throw new Malformed(`no ${tag}`);
      const fieldList = fieldListByName.get(json[0]);
      if (fieldList === undefined) throw new Malformed(`unknown ${tag}`);
      return decodeFields(fieldList, json, 1, { [tag]: json[0] }) as Tagged<Tag, V>;
    },
  };
}

type FieldList = readonly (readonly [string, Codec<unknown>])[];

function encodeFields(fields: FieldList, value: object, json: Json[]): Json[] {
  const valueByName = value as Readonly<Record<string, unknown>>;
  for (const [name, codec] of fields) json.push(codec.encode(valueByName[name]));
  return json;
}

function decodeFields(fields: FieldList, json: readonly unknown[], start: number, into: Record<string, unknown>) {
  if (json.length !== start + fields.length) throw new Malformed('wrong number of fields');
  let index = start;
  for (const [name, codec] of fields) {
    into[name] = codec.decode(json[index]);
    index += 1;
  }
  return into;
}
