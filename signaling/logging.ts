// What the Discovery node logs: lines for people, or JSON for programs that collect logs.

import { pino } from 'pino';
import { cleanText } from '../client/src/text/clean-text.ts';

/** Takes one line about what happened, and the same as fields: `event` names its kind. */
export type Log = (line: string, fields?: Readonly<Record<string, string | number>>) => void;

export const LOG_FORMATS = ['lines', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Characters of a line: whatever a stranger sent, it fills no disk. */
const MAX_LINE_CHARACTERS = 1_000;

/** One line, whatever is in it: nothing foreign forges a second one. */
export function asOneLine(text: string): string {
  return cleanText(text.slice(0, MAX_LINE_CHARACTERS));
}

/** Logs to standard output, lines by `printLine`. JSON: one object a line, with level, time, msg and the fields. */
export function createLog(format: LogFormat, printLine: (line: string) => void): Log {
  if (format === 'lines') return (line) => printLine(asOneLine(line));
  // Written at once: the last words before a crash are the ones that matter, and there are few lines a second.
  const destination = pino.destination({ dest: 1, sync: true });
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return (line, fields = {}) => logger.info(cleanFields(fields), asOneLine(line));
}

function cleanFields(fields: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const clean = (value: string | number) => (typeof value === 'string' ? asOneLine(value) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clean(value)]));
}
