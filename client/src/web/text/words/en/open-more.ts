// What comes later in Open: the field, names, folders, problems; in English.

import type { OpenCase } from '../../open-text.ts';
import { bytes, count, digits } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

export interface OpenProblem {
  /** What is wrong. */
  readonly title: string;
  /** What to do now, sentences. */
  readonly advice: string;
}

const PROBLEMS: Readonly<Record<OpenCase, OpenProblem>> = {
  'bad-link': {
    title: 'This link is not whole',
    advice: 'Some of it is missing or changed. Copy all of it, or ask for it again, and paste it below.',
  },
  cut: {
    title: 'The link is cut',
    advice: 'Copy all of it, or ask for it again, and paste it below.',
  },
  elsewhere: {
    title: 'This is no link to a file',
    advice: 'A file’s link has #/f/ in it, and 64 characters or more after that. Paste that one below.',
  },
  entered: {
    title: 'You are in this ring already',
    advice: 'This is its invitation, not the link of a file. Send it to those who shall come in too.',
  },
  invitation: {
    title: 'This is an invitation to a ring',
    advice: 'It opens no file. To enter that ring, paste it where the address of this page stands.',
  },
  'wrong-key': {
    title: 'The key in this link is wrong',
    advice: 'Without the right key nobody can read the file. Copy the whole link again, and paste it below.',
  },
  'no-key': {
    title: 'The key is missing from this link',
    advice: 'The file is private: it opens by its whole link only, with the key in it. Paste that one below.',
  },
  alone: {
    title: 'Nobody is here',
    advice: 'Whoever has the file must have Tabring open in a tab. Ask them to open it, then try again.',
  },
  'not-found': {
    title: 'No open tab has this file',
    advice:
      'It may be past its time or deleted, or those who have it have closed their tabs. Ask who sent the link to open Tabring, then try again.',
  },
  'timed-out': {
    title: 'Nobody answered in time',
    advice: 'Those who have the file may be busy or on their way out. Wait a moment and try again.',
  },
  corrupt: { title: 'Every copy is damaged', advice: 'Ask who sent the link to share the file again.' },
  full: { title: 'There is no room for it', advice: 'Free some space on this device, then try again.' },
  storage: {
    title: 'This browser does not save it',
    advice: 'Allow downloads and storage for this page, or use another browser, then try again.',
  },
  left: { title: 'This tab has left the ring', advice: 'Reload the page to join again.' },
  other: { title: 'Something went wrong', advice: 'Try again; if it happens again, reload the page.' },
};

const missing = (number: number): string =>
  `${count(number, { one: '# more entry', other: '# more entries' })} of this name could not be fetched in time`;

export const OPEN_MORE = {
  problems: PROBLEMS,
  /** Of a link that is cut: how much of it is there. */
  seenOfKey: (there: number, all: number) => `After the point there are ${digits(there)} of ${digits(all)} characters.`,
  seenOfId: (there: number, all: number) => `After #/f/ there are ${digits(there)} of ${digits(all)} characters.`,
  seenSlip: (character: string) => `There is a “${character}” in it where only 0-9 and a-f can be.`,
  seenPage: (host: string) => `It leads to ${host}.`,
  whatExactly: 'What exactly',
  cancelled: 'Cancelled. Nothing of it was saved.',
  reload: 'Reload the page',
  leaveOpen: 'Leave this tab open a while and you help others to get it.',
  openAnother: 'Open another',
  others: 'Also opened here',
  show: 'Show',
  showFile: (name: string) => `Show ${name}`,
  close: 'Close',
  closeFile: (name: string) => `Close ${name}`,
  title: 'Open a file',
  field: 'Its link, or the name of a public file',
  open: 'Open',
  looking: (name: string) => `Looking for public files called “${name}”…`,
  noneOfMissing: (name: string, number: number) =>
    `No public file called “${name}” could be fetched; ${missing(number)}. Try again.`,
  none: (name: string) => `No public file is called “${name}”. Private ones are found by their link alone.`,
  found: (number: number, name: string) =>
    `${count(number, { one: '# public file', other: '# public files' })} called “${name}”, newest first:`,
  foundLabel: 'Public files of this name',
  unknownTime: (size: number, id: string) => `${bytes(size)}, stored at an unknown time, id ${id}`,
  storedAt: (size: number, when: string, id: string) => `${bytes(size)}, stored ${when}, id ${id}`,
  missing: (number: number) => `${missing(number)}.`,
  closeList: 'Close the list',
  saveAll: 'Save all',
  folder: (files: number, size: number) =>
    `A folder, ${count(files, { one: '# file', other: '# files' })}, ${bytes(size)}; fetched as it is saved.`,
  filter: 'Find a file by its name',
  filtered: (shown: number, all: number) =>
    shown === all ? count(all, { one: '# file', other: '# files' }) : `${digits(shown)} of ${digits(all)} files`,
  underWay: 'Being saved',
  saved: 'saved',
  savingPart: (done: string) => `saving, ${done}`,
  savingFile: (name: string) => `Saving ${name}.`,
  savedIn: (name: string) => `saved in ${name}`,
  savedWithout: (name: string, number: number, first: string) =>
    `saved in ${name}, without ${digits(number)} that this browser writes nowhere, such as ${first}`,
  filesIn: (name: string) => `Files in ${name}`,
  saveFile: (name: string) => `Save ${name}`,
  more: (number: number) => `and ${digits(number)} more`,
  preview: (name: string) => `Preview of ${name}`,
};

export type OpenMoreWords = typeof OPEN_MORE;
export const openMoreWords = wordsOf('openMore', OPEN_MORE);
