// What comes later in Open: the field, names, folders, problems; in German.

import type { OpenCase } from '../../open-text.ts';
import { bytes, count, digits } from '../amounts.ts';
import type { OpenMoreWords, OpenProblem } from '../en/open-more.ts';

const PROBLEMS: Readonly<Record<OpenCase, OpenProblem>> = {
  'bad-link': {
    title: 'Dieser Link ist nicht vollständig',
    advice:
      'Etwas davon fehlt oder ist verändert. Kopiere ihn ganz, oder lass ihn dir noch einmal schicken, und füge ihn unten ein.',
  },
  cut: {
    title: 'Der Link ist abgeschnitten',
    advice: 'Kopiere ihn ganz, oder lass ihn dir noch einmal schicken, und füge ihn unten ein.',
  },
  elsewhere: {
    title: 'Das ist kein Link zu einer Datei',
    advice: 'In dem einer Datei steht #/f/, und danach 64 Zeichen oder mehr. Füge ihn unten ein.',
  },
  entered: {
    title: 'Du bist schon in diesem Ring',
    advice: 'Das ist seine Einladung, nicht der Link einer Datei. Schick sie denen, die auch hereinkommen sollen.',
  },
  invitation: {
    title: 'Das ist eine Einladung in einen Ring',
    advice: 'Sie öffnet keine Datei. Um in jenen Ring zu kommen, füge sie dort ein, wo die Adresse dieser Seite steht.',
  },
  'wrong-key': {
    title: 'Der Schlüssel in diesem Link ist falsch',
    advice:
      'Ohne den richtigen kann niemand die Datei lesen. Kopiere den ganzen Link noch einmal, und füge ihn unten ein.',
  },
  'no-key': {
    title: 'In diesem Link fehlt der Schlüssel',
    advice: 'Die Datei ist privat: Sie öffnet sich nur mit ihrem ganzen Link, in dem er steht. Füge ihn unten ein.',
  },
  alone: {
    title: 'Niemand ist hier',
    advice: 'Wer die Datei hat, muss Tabring in einem Tab offen haben. Bitte darum, und versuch es dann noch einmal.',
  },
  'not-found': {
    title: 'Kein offener Tab hat diese Datei',
    advice:
      'Vielleicht ist ihre Zeit abgelaufen, sie wurde gelöscht, oder alle, die sie haben, haben ihre Tabs geschlossen. Bitte die Person, von der der Link kommt, Tabring zu öffnen, und versuch es dann noch einmal.',
  },
  'timed-out': {
    title: 'Niemand hat rechtzeitig geantwortet',
    advice:
      'Die Tabs mit der Datei sind vielleicht beschäftigt oder gerade am Gehen. Warte kurz, und versuch es noch einmal.',
  },
  corrupt: {
    title: 'Jede Kopie ist beschädigt',
    advice: 'Bitte die Person, von der der Link kommt, die Datei noch einmal zu teilen.',
  },
  full: {
    title: 'Dafür ist kein Platz',
    advice: 'Gib auf diesem Gerät etwas Platz frei, und versuch es dann noch einmal.',
  },
  storage: {
    title: 'Dieser Browser speichert sie nicht',
    advice:
      'Erlaube dieser Seite Downloads und Speicher, oder nimm einen anderen Browser, und versuch es dann noch einmal.',
  },
  left: { title: 'Dieser Tab hat den Ring verlassen', advice: 'Lade die Seite neu, um wieder beizutreten.' },
  other: {
    title: 'Etwas ging schief',
    advice: 'Versuch es noch einmal; wenn es wieder geschieht, lade die Seite neu.',
  },
};

const missing = (number: number): string =>
  count(number, {
    one: '# weiterer Eintrag dieses Namens kam nicht rechtzeitig',
    other: '# weitere Einträge dieses Namens kamen nicht rechtzeitig',
  });

export const openMoreWords: OpenMoreWords = {
  problems: PROBLEMS,
  seenOfKey: (there, all) => `Nach dem Punkt stehen ${digits(there)} von ${digits(all)} Zeichen.`,
  seenOfId: (there, all) => `Nach #/f/ stehen ${digits(there)} von ${digits(all)} Zeichen.`,
  seenSlip: (character) => `Darin steht „${character}“, wo nur 0-9 und a-f stehen können.`,
  seenPage: (host) => `Er führt zu ${host}.`,
  whatExactly: 'Was genau',
  cancelled: 'Abgebrochen. Nichts davon wurde gespeichert.',
  reload: 'Seite neu laden',
  leaveOpen: 'Lass diesen Tab noch etwas offen, dann hilfst du anderen, sie zu bekommen.',
  openAnother: 'Andere öffnen',
  others: 'Hier auch geöffnet',
  show: 'Zeigen',
  showFile: (name) => `${name} zeigen`,
  close: 'Schließen',
  closeFile: (name) => `${name} schließen`,
  title: 'Eine Datei öffnen',
  field: 'Ihr Link, oder der Name einer öffentlichen Datei',
  open: 'Öffnen',
  looking: (name) => `Sucht öffentliche Dateien mit dem Namen „${name}“…`,
  noneOfMissing: (name, number) =>
    `Keine öffentliche Datei mit dem Namen „${name}“ kam an; ${missing(number)}. Versuch es noch einmal.`,
  none: (name) => `Keine öffentliche Datei heißt „${name}“. Private findet nur, wer ihren Link hat.`,
  found: (number, name) =>
    `${count(number, { one: '# öffentliche Datei', other: '# öffentliche Dateien' })} mit dem Namen „${name}“, die neueste zuerst:`,
  foundLabel: 'Öffentliche Dateien dieses Namens',
  unknownTime: (size, id) => `${bytes(size)}, geteilt zu unbekannter Zeit, Id ${id}`,
  storedAt: (size, when, id) => `${bytes(size)}, geteilt am ${when}, Id ${id}`,
  missing: (number) => `${missing(number)}.`,
  closeList: 'Liste schließen',
  saveAll: 'Alle speichern',
  folder: (files, size) =>
    `Ein Ordner, ${count(files, { one: '# Datei', other: '# Dateien' })}, ${bytes(size)}; wird beim Speichern geholt.`,
  filter: 'Eine Datei nach ihrem Namen finden',
  filtered: (shown, all) =>
    shown === all ? count(all, { one: '# Datei', other: '# Dateien' }) : `${digits(shown)} von ${digits(all)} Dateien`,
  underWay: 'Wird gespeichert',
  saved: 'gespeichert',
  savingPart: (done) => `speichert, ${done}`,
  savingFile: (name) => `${name} wird gespeichert.`,
  savedIn: (name) => `gespeichert in ${name}`,
  savedWithout: (name, number, first) =>
    `gespeichert in ${name}, ohne ${digits(number)}, die dieser Browser nicht schreibt, zum Beispiel ${first}`,
  filesIn: (name) => `Dateien in ${name}`,
  saveFile: (name) => `${name} speichern`,
  more: (number) => `und ${digits(number)} weitere`,
  preview: (name) => `Vorschau von ${name}`,
};
