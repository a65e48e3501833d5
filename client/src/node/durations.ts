// Lengths of time, as people write them.

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 60 * 60_000, d: 24 * 60 * 60_000 };

/** Milliseconds of 90m, 12h or 3d; undefined if it is no such length. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,6})\s*([mhd])$/i.exec(text.trim()) ?? [];
  const unitMs = UNIT_MS[unit.toLowerCase()];
  return number === undefined || unitMs === undefined ? undefined : Number(number) * unitMs;
}
