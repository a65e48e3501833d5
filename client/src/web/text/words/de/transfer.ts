// Transfers, and what is copied, in German.

import { bytes, count, digits, percent, speed } from '../amounts.ts';
import type { TransferWords } from '../en/transfer.ts';

export const transferWords: TransferWords = {
  tryAgain: 'Noch einmal',
  dismiss: 'Ausblenden',
  cancel: 'Abbrechen',
  cancelFile: (name) => `${name} abbrechen`,
  pause: 'Anhalten',
  goOn: 'Weiter',
  ofFile: (action, name) => `${action}: ${name}`,
  paused: (doneBytes, totalBytes) => `angehalten bei ${percent(doneBytes, totalBytes)} von ${bytes(totalBytes)}`,
  failed: 'fehlgeschlagen',
  cancelled: 'abgebrochen',
  waiting: {
    begin: 'wartet',
    join: 'wartet, bis dieser Tab im Ring ist',
    turn: 'wartet auf die Dateien davor',
  },
  underWay: 'unterwegs',
  done: (doneBytes, totalBytes) => `${percent(doneBytes, totalBytes)} von ${bytes(totalBytes)}`,
  speed,
  still: 'steht still',
  almostDone: 'gleich fertig',
  secondsLeft: (seconds) => `noch ${digits(seconds)} s`,
  minutesLeft: (minutes) => `noch ${digits(minutes)} min`,
  hoursLeft: (hours, minutes) => `noch ${digits(hours)} h ${minutes} min`,
  files: (number) => count(number, { one: '# Datei', other: '# Dateien' }),
  copied: 'Kopiert',
  notCopied: 'Nicht kopiert: Mach es von Hand',
  copyOf: (label, name) => `${label}: ${name}`,
  fileOf: (id) => `Datei ${id}`,
  leftOutName: (number) => `${digits(number)} weitere`,
};
