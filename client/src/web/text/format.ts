// Numbers and ids as people read them: bytes, speeds, times, short ids. Pure.

import { formatBytes } from '../../prompt/format-bytes.ts';

export { formatBytes };

/** Characters of an id that the page shows where the whole would be noise; four tell tabs of one ring apart. */
const SHORT_ID_CHARACTERS = 4;

/** 3f2a… for a long id; an id of a classroom ring as it is. */
export function shortId(id: string): string {
  return id.length > SHORT_ID_CHARACTERS ? `${id.slice(0, SHORT_ID_CHARACTERS)}…` : id;
}

/** 12 MB/s. */
export function formatSpeed(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** How long something will take, milliseconds, coarse on purpose: an estimate that ticks in seconds for hours looks exact and is not. */
export function formatTimeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 1) return 'almost done';
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  return `${hours} h ${minutes % 60} min left`;
}

/** 41 %, never 100 % before the end. */
export function formatPercent(done: number, total: number): string {
  if (total <= 0 || done >= total) return '100 %';
  return `${Math.min(99, Math.floor((done / total) * 100))} %`;
}

/** 1 file, 2 files. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** The time of day of a log line, hours to seconds. */
export function formatClock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
