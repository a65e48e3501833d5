// Open, as it is with a file that comes, in German.

import type { OpenWords } from '../en/open.ts';

export const openWords: OpenWords = {
  cannotOpen: 'Diese Datei lässt sich nicht öffnen',
  forYou: 'Eine Datei für dich',
  save: 'Speichern',
  saving: 'Speichert…',
  saveAgain: 'Noch einmal speichern',
  looking: 'Sucht Tabs, die sie haben…',
  here: 'Bereit; jeder Teil ist geprüft.',
  offered: 'Bereit; wird beim Speichern geholt.',
  done: (how) => `Fertig: ${how}.`,
  savedAs: (name) => `Der Browser speichert sie als ${name}`,
  written: (name) => `gespeichert als ${name}`,
};
