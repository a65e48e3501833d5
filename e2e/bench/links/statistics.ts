// Medians, percentiles and ratios of what was measured.

/** The value below which this share of the values lies, by the nearest rank; 0.5 is the median. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const half = values.length / 2;
  if (!Number.isInteger(half) || half === 0) return percentile(values, 0.5);
  return (percentile(values, 0.5) + percentile(values, 0.5 + 1 / values.length)) / 2;
}
