// Dates and times as the chosen language writes them.

import { made } from './amounts.ts';

/** 6 December */
export function day(milliseconds: number): string {
  return made('day', days).format(milliseconds);
}

/** The date, and the time of day to the minute. */
export function moment(milliseconds: number): string {
  return made('moment', moments).format(milliseconds);
}

/** The time of day of a log line, hours to seconds. */
export function clock(at: Date): string {
  return made('clock', clocks).format(at);
}

const days = (locale: string) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const moments = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const clocks = (locale: string) =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
