// Own files, and how another device is brought in, in German.

import type { FileState } from '../../../../peer/file-status.ts';
import { bytes, count, digits } from '../amounts.ts';
import type { OwnWords } from '../en/own.ts';

const onDevices = (number: number): string => `auf ${count(number, { one: '# Gerät', other: '# Geräten' })}`;

const STATES: Readonly<Record<FileState, string>> = {
  safe: 'Sicher',
  copying: 'Wird kopiert',
  'at-risk': 'Gefährdet',
  'only-here': 'Nur hier',
  lost: 'Verloren',
  unknown: 'Wird gezählt',
};

/** What to do about it, after the count. */
const ADVICE: Readonly<Record<FileState, string>> = {
  safe: '',
  copying: ': mehr, wenn mehr Geräte dazukommen',
  'at-risk': ': Öffne diese Seite auf mehr Geräten',
  'only-here': ': Sie ist weg, solange dieser Tab zu ist',
  lost: ': Kein offener Tab hat sie ganz',
  unknown: '',
};

export const ownWords: OwnWords = {
  title: 'Von dir geteilt',
  listLabel: 'Von diesem Tab geteilte Dateien',
  showMore: (number) => `Mehr zeigen (noch ${digits(number)})`,
  states: STATES,
  copies: (number, wanted, places, state) =>
    `${digits(number)} von ${count(wanted, { one: '# Kopie', other: '# Kopien' })} ${onDevices(places)}${ADVICE[state]}`,
  notKnown: 'noch nicht bekannt',
  kept: (until) => `Bleibt bis ${until}, und angepinnt länger, wenn du diese Seite ab und zu öffnest.`,
  goneOn: (until) => `Am ${until} ist sie weg, wenn du sie nicht anpinnst.`,
  publicChoice: 'Öffentlich',
  isPublic: 'Alle hier dürfen lesen, was du hinzufügst, und finden es unter seinem Namen.',
  isPrivate: 'Aus: Nur wer den Link hat, kann lesen, was du hinzufügst.',
  keptChoice: 'Bleibt',
  keptRenewed: 'solange du wiederkommst',
  keptHours: (hours) =>
    hours < 24
      ? `für ${count(hours, { one: '# Stunde', other: '# Stunden' })}`
      : `für ${count(hours / 24, { one: '# Tag', other: '# Tage' })}`,
  folder: 'Ordner',
  public: 'öffentlich',
  private: 'privat',
  copyLink: 'Link kopieren',
  send: 'Senden',
  sendOf: (name) => `Link senden: ${name}`,
  qr: 'QR',
  qrOf: (name) => `QR-Code: ${name}`,
  qrLabel: (name) => `QR-Code des Links zu ${name}`,
  pin: 'Anpinnen',
  pinOf: (name) => `${name} anpinnen`,
  unpin: 'Pin entfernen',
  unpinOf: (name) => `Pin entfernen: ${name}`,
  delete: 'Löschen',
  deleteOf: (name) => `${name} löschen`,
  deleting: 'Löscht…',
  deletingOf: (name) => `Löscht ${name}…`,
  deleteLabel: (name) => `${name} löschen?`,
  deleteQuestion: (name) =>
    `„${name}“ in allen Tabs löschen, die sie haben? Das lässt sich nicht rückgängig machen. Wer sie schon geholt hat, behält sie.`,
  deleteYes: 'Ja, löschen',
  deleteNo: 'Behalten',
  cancelAll: 'Alle abbrechen',
  copyAllLinks: 'Alle Links kopieren',
  deletedAt: (name, done, holders) =>
    `${name}: bei ${digits(done)} von ${count(holders, { one: '# Tab', other: '# Tabs' })} gelöscht`,
  deletedAll: (told) =>
    `${told}. Tabs, die eine Kopie hatten und jetzt geschlossen sind, löschen sie, wenn sie wiederkommen und einen treffen, der davon weiß, wie diesen.`,
  deletedMost: (told) => `${told}; die anderen löschen sie, wenn sie wiederkommen.`,
  deletedFew: (told) =>
    `${told}; gerade antworten zu wenige. Die anderen erfahren es, solange dieser Tab offen ist, und ihre Zeit läuft von selbst ab.`,
  details: 'Einzelheiten',
  link: 'Link',
  openIt: 'Diese Datei öffnen',
  id: 'Id',
  copyId: 'Id kopieren',
  shared: 'Geteilt',
  type: 'Typ',
  holders: 'Wer sie hat',
  counting: 'Zählt…',
  countParts: 'Teil für Teil zählen',
  part: (number, places) => `Teil {part}: ${count(number, { one: '# Kopie', other: '# Kopien' })} ${onDevices(places)}`,
  moreParts: (number) => `und ${count(number, { one: '# weiterer Teil', other: '# weitere Teile' })}`,
  uploadsLabel: 'Dateien auf dem Weg in den Ring',
  moreFiles: (number) => `und ${count(number, { one: '# weitere Datei', other: '# weitere Dateien' })}`,
  toGo: (number, size) => `Noch ${count(number, { one: '# Datei', other: '# Dateien' })}, ${bytes(size)}`,
  isShared: (name) => `${name} ist geteilt.`,
  invite: 'Ein weiteres Gerät dazuholen',
  linksOwnMachine:
    'Diese Links gelten nur auf diesem Computer: Kopiere sie unter der Adresse, die der Server für andere Geräte schreibt.',
  inviteOwnMachine:
    'Diese Adresse gilt nur auf diesem Computer. Die für andere Geräte schreibt der Server, wenn er startet.',
  inviteHow: 'Öffne dort diese Adresse. Je mehr Geräte, desto sicherer die Dateien.',
  copyAddress: 'Adresse kopieren',
  addressQr: 'QR-Code der Adresse dieser Seite',
  qrFailed: 'Der QR-Code lässt sich nicht zeichnen: Kopiere stattdessen den Text.',
};
