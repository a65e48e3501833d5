// Share, as it is before anything has been shared, in English.

import { wordsOf } from '../spoken.ts';

export const SHARE = {
  label: 'Share files',
  more: 'Share more files',
  /** {choose} stands for the words below. */
  dropHow: 'Drop a file or folder anywhere, paste, or {choose}',
  choose: 'choose files',
  promise: 'Encrypted here. Kept by other tabs, so you may close yours.',
  publicPromise: 'Anybody in this ring finds it by its name. Kept by other tabs, so you may close yours.',
  folder: '{choose}, shared as one link',
  chooseFolder: 'Choose a folder',
  left: 'This tab has left the ring: join again to share files.',
  joinAgain: 'Join again',
  chooseLabel: 'Choose files',
};

export type ShareWords = typeof SHARE;
export const shareWords = wordsOf('share', SHARE);
