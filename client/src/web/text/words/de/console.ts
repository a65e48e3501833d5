// The console and the event log, in German; what the commands print is English in all languages.

import type { ConsoleWords } from '../en/console.ts';

export const consoleWords: ConsoleWords = {
  title: 'Konsole',
  note: 'Die Befehle eines Peers, auf Englisch: „help“ nennt sie. Pfeiltasten gehen zurück, Tab ergänzt.',
  copyAll: 'Alles kopieren',
  clear: 'Leeren',
  stop: 'Anhalten',
  output: 'Ausgabe der Konsole',
  command: 'Befehl',
  run: 'Ausführen',
  log: 'Was geschieht',
  logNote: 'Das Neueste zuerst.',
  show: 'Zeige',
  everything: 'alles',
  topics: {
    ring: 'Kommen und Gehen',
    tables: 'Änderungen der Tabellen',
    messages: 'weitergeleitete Nachrichten',
    files: 'gespeicherte Blöcke',
    links: 'Verbindungen',
  },
  nothing: 'Noch nichts.',
  logLabel: 'Ereignisse, das neueste zuerst',
};
