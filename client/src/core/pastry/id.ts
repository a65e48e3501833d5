// Node ids and keys: points on the ring, as lower-case hex strings of equal length (Pastry, section 2).
// One hex character is one routing-table digit (b = 4), so order is string order and prefixes are string prefixes.

declare const idBrand: unique symbol;

/** A point on the ring: `digits` lower-case hex characters. Keys and node ids are the same kind of thing. */
export type Id = string & { readonly [idBrand]: true };
export type NodeId = Id;
export type Key = Id;

/** Bits in one digit; Pastry's parameter b. */
export const BITS_PER_DIGIT = 4;
/** Cells in one routing-table row: 2^b. */
export const COLUMNS = 1 << BITS_PER_DIGIT;

/** True if `value` is an id of exactly `digits` digits. */
export function isId(value: string, digits: number): value is Id {
  return value.length === digits && /^[0-9a-f]+$/.test(value);
}

/** True if `value` is an id of some ring. */
export function isAnyId(value: string): value is Id {
  return isId(value, value.length);
}

/** The id a user's hex prefix names: padded with zeros to `digits`; undefined if it is no hex or too long. */
export function idFromPrefix(prefix: string, digits: number): Id | undefined {
  const padded = prefix.toLowerCase().padEnd(digits, '0');
  return isId(padded, digits) ? padded : undefined;
}

/** How many leading digits two ids share. */
export function sharedPrefixLength(a: Id, b: Id): number {
  let length = 0;
  while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** The numeric value of digit `index`, 0 to 15. */
export function digitAt(id: Id, index: number): number {
  const code = id.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

/** Steps clockwise (towards higher ids, past the top to zero) from one id to another. */
export function clockwiseDistance(from: Id, to: Id): bigint {
  const difference = BigInt(`0x${to}`) - BigInt(`0x${from}`);
  return difference < 0n ? difference + ringSize(from) : difference;
}

/** The shorter way round the ring between two ids. */
export function ringDistance(a: Id, b: Id): bigint {
  const clockwise = clockwiseDistance(a, b);
  const counterclockwise = ringSize(a) - clockwise;
  return clockwise < counterclockwise ? clockwise : counterclockwise;
}

/** True if `a` is numerically closer to `key` than `b` is; on a tie the higher id is the closer one. */
export function isCloser(key: Key, a: Id, b: Id): boolean {
  const distanceToA = ringDistance(key, a);
  const distanceToB = ringDistance(key, b);
  return distanceToA === distanceToB ? a > b : distanceToA < distanceToB;
}

/** The id numerically closest to `key`; ties go to the higher id. Undefined for no ids. */
export function closestId(key: Key, ids: Iterable<Id>): Id | undefined {
  let closest: Id | undefined;
  for (const id of ids) if (closest === undefined || isCloser(key, id, closest)) closest = id;
  return closest;
}

/** The first `most` of the ids, the numerically closest to `key` first; ties as in isCloser. */
export function closestIds(key: Key, ids: Iterable<Id>, most: number): Id[] {
  const placed = Array.from(ids, (id) => ({ id, distance: ringDistance(key, id) }));
  placed.sort((a, b) => (a.distance === b.distance ? (a.id > b.id ? -1 : 1) : a.distance < b.distance ? -1 : 1));
  return placed.slice(0, most).map(({ id }) => id);
}

/**
 * Orders ids by their way round the ring from `origin`, clockwise: negative if `a` comes before `b`.
 * Plain string comparison, so that leaf sets need no arithmetic.
 */
export function compareClockwise(origin: Id, a: Id, b: Id): number {
  const aWraps = a < origin;
  const bWraps = b < origin;
  if (aWraps !== bWraps) return aWraps ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True if `id` lies on the clockwise arc from `start` to `end`, both ends included. */
export function isOnArc(id: Id, start: Id, end: Id): boolean {
  return start <= end ? start <= id && id <= end : start <= id || id <= end;
}

/** The point `steps` clockwise of `id`; negative steps go the other way. */
export function idAfter(id: Id, steps: bigint): Id {
  const size = ringSize(id);
  const value = (((BigInt(`0x${id}`) + steps) % size) + size) % size;
  return value.toString(16).padStart(id.length, '0') as Id;
}

/** A random point of those that begin with `prefix`. `chance`: numbers of at least 0 and below 1. */
export function randomIdWith(prefix: string, digits: number, chance: () => number): Id {
  let id = prefix;
  while (id.length < digits) id += Math.floor(chance() * COLUMNS).toString(COLUMNS);
  return id as Id;
}

const ringSizeByDigits = new Map<number, bigint>();

function ringSize(id: Id): bigint {
  let size = ringSizeByDigits.get(id.length);
  if (size === undefined) {
    size = 1n << BigInt(id.length * BITS_PER_DIGIT);
    ringSizeByDigits.set(id.length, size);
  }
  return size;
}
