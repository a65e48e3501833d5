// Transfers, and what is copied, in English.

import { bytes, count, digits, percent, speed } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

export const TRANSFER = {
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  cancelFile: (name: string) => `Cancel ${name}`,
  pause: 'Pause',
  goOn: 'Go on',
  ofFile: (action: string, name: string) => `${action}: ${name}`,
  paused: (doneBytes: number, totalBytes: number) =>
    `paused at ${percent(doneBytes, totalBytes)} of ${bytes(totalBytes)}`,
  failed: 'failed',
  cancelled: 'cancelled',
  waiting: {
    begin: 'waiting',
    join: 'waiting for this tab to join the ring',
    turn: 'waiting for the files before it',
  },
  underWay: 'under way',
  done: (doneBytes: number, totalBytes: number) => `${percent(doneBytes, totalBytes)} of ${bytes(totalBytes)}`,
  speed,
  still: 'standing still',
  almostDone: 'almost done',
  secondsLeft: (seconds: number) => `${digits(seconds)} s left`,
  minutesLeft: (minutes: number) => `${digits(minutes)} min left`,
  hoursLeft: (hours: number, minutes: number) => `${digits(hours)} h ${minutes} min left`,
  files: (number: number) => count(number, { one: '# file', other: '# files' }),
  copied: 'Copied',
  notCopied: 'Not copied: do it by hand',
  copyOf: (label: string, name: string) => `${label} of ${name}`,
  /** What stands for a file of which nothing but the link is known. */
  fileOf: (id: string) => `file ${id}`,
  leftOutName: (number: number) => `${digits(number)} more`,
};

export type TransferWords = typeof TRANSFER;
export const transferWords = wordsOf('transfer', TRANSFER);
