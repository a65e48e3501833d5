// Open, as it is with a file that comes, in English.

import { wordsOf } from '../spoken.ts';

export const OPEN = {
  cannotOpen: 'This file cannot be opened',
  forYou: 'A file for you',
  save: 'Save',
  saving: 'Saving…',
  saveAgain: 'Save again',
  looking: 'Looking for those who have it…',
  here: 'Ready; every part verified.',
  offered: 'Ready; fetched as it is saved.',
  /** `how`: in words. */
  done: (how: string) => `Done: ${how}.`,
  savedAs: (name: string) => `the browser saves it as ${name}`,
  written: (name: string) => `saved as ${name}`,
};

export type OpenWords = typeof OPEN;
export const openWords = wordsOf('open', OPEN);
