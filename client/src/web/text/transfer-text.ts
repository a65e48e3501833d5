// How far a transfer is, in words.

import type { Rate } from '../../prompt/rate-meter.ts';
import { transferWords } from './words/en/transfer.ts';

/** 41% of 2.5 MB, 12 MB/s, 3 min left. */
export function runningText(doneBytes: number, totalBytes: number, rate: Rate | undefined): string {
  const words = transferWords();
  if (totalBytes <= 0) return words.underWay;
  const parts = [
    words.done(doneBytes, totalBytes),
    rate === undefined ? undefined : rate.bytesPerSecond > 0 ? words.speed(rate.bytesPerSecond) : words.still,
    rate?.leftMs === undefined ? undefined : timeLeftText(rate.leftMs),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** How long something will take, milliseconds, coarse on purpose: an estimate that ticks in seconds for hours looks exact and is not. */
export function timeLeftText(milliseconds: number): string {
  const words = transferWords();
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 1) return words.almostDone;
  if (seconds < 60) return words.secondsLeft(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? words.minutesLeft(minutes) : words.hoursLeft(Math.floor(minutes / 60), minutes % 60);
}
