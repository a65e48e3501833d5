// Amounts of bytes, as people read them.

const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** 1 byte, 64 KB, 25.4 MB. Powers of 1000, as file managers and network speeds count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${Math.round(bytes)} bytes`;
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    // Rounding 999.6 KB would print 1000 KB: go to the next unit first.
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
