// The console and the event log, in English; what the commands print is English in all languages.

import { wordsOf } from '../spoken.ts';

export const CONSOLE = {
  title: 'Console',
  note: 'The commands of a peer: “help” lists them. Arrow keys go back, Tab completes.',
  copyAll: 'Copy all',
  clear: 'Clear',
  stop: 'Stop',
  output: 'Output of the console',
  command: 'Command',
  run: 'Run',
  log: 'What happens',
  logNote: 'Newest first.',
  show: 'Show',
  everything: 'everything',
  topics: {
    ring: 'joining and leaving',
    tables: 'table updates',
    messages: 'routed messages',
    files: 'stored blocks',
    links: 'links',
  },
  nothing: 'Nothing yet.',
  logLabel: 'Event log, newest first',
};

export type ConsoleWords = typeof CONSOLE;
export const consoleWords = wordsOf('console', CONSOLE);
