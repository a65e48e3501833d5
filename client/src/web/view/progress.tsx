// How far a transfer is, as a bar and in words.

import type { Rate } from '../../prompt/rate-meter.ts';
import { formatBytes, formatPercent, formatSpeed, formatTimeLeft } from '../text/format.ts';

interface BarProps {
  readonly label: string;
  readonly doneBytes: number;
  /** 0 while it is not known. */
  readonly totalBytes: number;
}

export function Bar({ label, doneBytes, totalBytes }: BarProps) {
  return totalBytes > 0 ? (
    <progress aria-label={label} value={doneBytes} max={totalBytes} />
  ) : (
    <progress aria-label={label} />
  );
}

export function runningText(doneBytes: number, totalBytes: number, rate: Rate | undefined): string {
  if (totalBytes <= 0) return 'under way';
  const parts = [
    `${formatPercent(doneBytes, totalBytes)} of ${formatBytes(totalBytes)}`,
    rate === undefined ? undefined : rate.bytesPerSecond > 0 ? formatSpeed(rate.bytesPerSecond) : 'standing still',
    rate?.leftMs === undefined ? undefined : formatTimeLeft(rate.leftMs),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
