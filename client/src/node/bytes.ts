// Amounts of bytes, as people write and read them.

export { formatBytes } from '../prompt/format-bytes.ts';

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Reads 500000, 64KB, 2 GB, 1.5GiB; undefined if it is no amount. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const unitBytes = UNIT_BYTES[(unit ?? '').toUpperCase()];
  if (number === undefined || unitBytes === undefined) return undefined;
  const bytes = Math.floor(Number(number) * unitBytes);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
