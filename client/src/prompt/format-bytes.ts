// Amounts of bytes, as people read them.

const UNITS = ['', 'KB', 'MB', 'GB', 'TB'] as const;

export interface ScaledBytes {
  readonly value: number;
  /** Of a thousand: 2 is millions. */
  readonly power: number;
  /** No digits follow the point. */
  readonly isRound: boolean;
}

/** Powers of 1000, as file managers and network speeds count. */
export function scaledBytes(bytes: number): ScaledBytes {
  if (bytes < 1000) return { value: Math.round(bytes), power: 0, isRound: true };
  let value = bytes;
  let power = 0;
  // Rounding 999.6 KB would print 1000 KB: go to the next unit first.
  while (value >= 999.5 && power < UNITS.length - 1) {
    value /= 1000;
    power += 1;
  }
  return { value, power, isRound: value >= 9.95 };
}

/** 1 byte, 64 KB, 25.4 MB. */
export function formatBytes(bytes: number): string {
  const { value, power, isRound } = scaledBytes(bytes);
  if (power === 0) return value === 1 ? '1 byte' : `${value} bytes`;
  return `${isRound ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
