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
    advice: 'Some of it is missing or changed. Copy all of it, or ask for it again.',
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
    title: 'The key in this link is missing or wrong',
    advice: 'Without the right key nobody can read the file. Copy the whole link again.',
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
  whatExactly: 'What exactly',
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
  savedFrom: 'Saved from it',
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
