// Amounts of bytes, as people write and read them.

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
const SHOWN_UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** Reads 500000, 64KB, 2 GB, 1.5GiB; undefined if it is no amount. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const unitBytes = UNIT_BYTES[(unit ?? '').toUpperCase()];
  if (number === undefined || unitBytes === undefined) return undefined;
  const bytes = Math.floor(Number(number) * unitBytes);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** 1 byte, 64 KB, 25.4 MB; powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = '';
  for (const next of SHOWN_UNITS) {
    // Rounding 999.6 KB would print 1000 KB: go to the next unit first.
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
