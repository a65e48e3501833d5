// Transfers, errors, and what is copied, in German.

import type { PeerErrorCode } from '../../../../peer/errors.ts';
import { bytes, count, digits, percent, speed } from '../amounts.ts';
import type { TransferWords } from '../en/transfer.ts';

/** What happened and what to do. */
const ERRORS: Readonly<Record<PeerErrorCode, string>> = {
  'bad-id':
    'Das ist kein Schlüssel dieses Rings: Gib Ziffern 0-9 und Buchstaben a-f ein, nicht mehr, als seine Ids haben.',
  'bad-link': 'Dieser Link ist nicht vollständig: Kopiere ihn noch einmal ganz.',
  'bad-name': 'Unter diesem Namen lässt sich die Datei nicht öffentlich teilen: Gib ihr einen anderen.',
  'not-found': 'Kein offener Tab hat diese Datei. Vielleicht ist ihre Zeit abgelaufen, oder sie wurde gelöscht.',
  'not-owner': 'Diese Datei wurde nicht von hier aus geteilt, oder der Schlüssel dazu fehlt.',
  corrupt: 'Jede Kopie, die gefunden wurde, ist beschädigt.',
  'wrong-key': 'Der Schlüssel im Link passt nicht zu dieser Datei: Kopiere den ganzen Link noch einmal.',
  'timed-out': 'Niemand hat rechtzeitig geantwortet: Versuch es noch einmal.',
  full: 'Es ist kein Platz mehr da: Gib etwas frei, oder versuch es später noch einmal.',
  'too-large': 'Das ist größer, als dieser Ring annimmt.',
  left: 'Dieser Tab hat den Ring verlassen: Lade die Seite neu, um wieder beizutreten.',
  'not-active': 'Dieser Tab tritt noch bei und hat noch niemanden erreicht: Versuch es noch einmal.',
  storage:
    'Es ließ sich nicht lesen oder speichern: Vielleicht wurde die Datei geändert, oder der Browser verbietet es.',
  'discovery-unreachable': 'Der Discovery-Knoten ist nicht zu erreichen.',
  'ring-key-changed': 'Der Discovery-Knoten weist sich mit einem anderen Schlüssel aus als bei deinem ersten Besuch.',
  'ring-closed': 'Dieser Ring ist geschlossen: Sein Passwort oder eine Einladung öffnet ihn. Frag, wer ihn betreibt.',
  aborted: 'Abgebrochen.',
};

export const transferWords: TransferWords = {
  tryAgain: 'Noch einmal',
  dismiss: 'Ausblenden',
  cancel: 'Abbrechen',
  cancelFile: (name) => `${name} abbrechen`,
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
  fileChanged:
    'Die Datei lässt sich nicht mehr lesen: Sie wurde geändert, verschoben oder gelöscht, nachdem du sie ausgewählt hast. Wähle sie noch einmal aus.',
  unexpected: (what) =>
    `Etwas Unerwartetes ging schief: ${what}. Versuch es noch einmal; wenn es wieder geschieht, lade die Seite neu.`,
  leftOut: () => 'Ausgelassen: Sie lässt sich nicht lesen, oder ihr Pfad ist zu lang.',
  leftOutMore: 'Ausgelassen: Die Kommandozeile nennt sie alle.',
  leftOutName: (number) => `${digits(number)} weitere`,
  error: (code) => ERRORS[code],
};
