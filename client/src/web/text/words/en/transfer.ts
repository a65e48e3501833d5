// Transfers, errors, and what is copied, in English.

import type { PeerErrorCode } from '../../../../peer/errors.ts';
import { bytes, count, digits, percent, speed } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

export const TRANSFER = {
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  cancelFile: (name: string) => `Cancel ${name}`,
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
  fileChanged: 'The file can no longer be read: it was changed, moved or deleted after you chose it. Choose it again.',
  unexpected: (what: string) =>
    `Something unexpected went wrong: ${what}. Try again; if it happens again, reload the page.`,
  leftOut: (why: string) => `Left out: ${why}.`,
  leftOutMore: 'Left out: the command line names them all.',
  leftOutName: (number: number) => `${digits(number)} more`,
  /** `message`: what the peer says itself, in English. */
  error: (_: PeerErrorCode, message: string) => message,
};

export type TransferWords = typeof TRANSFER;
export const transferWords = wordsOf('transfer', TRANSFER);
