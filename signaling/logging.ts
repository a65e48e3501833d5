// What the Discovery node logs: lines for people, or JSON for programs that collect logs.

import { pino } from 'pino';

/** Takes one line about what happened, and the same as fields: `event` names its kind. */
export type Log = (line: string, fields?: Readonly<Record<string, string | number>>) => void;

export const LOG_FORMATS = ['lines', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Logs to standard output, lines by `printLine`. JSON: one object a line, with level, time, msg and the fields. */
export function createLog(format: LogFormat, printLine: (line: string) => void): Log {
  if (format === 'lines') return printLine;
  // Written at once: the last words before a crash are the ones that matter, and there are few lines a second.
  const destination = pino.destination({ dest: 1, sync: true });
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return (line, fields = {}) => logger.info(fields, line);
}
