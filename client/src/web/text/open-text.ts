// What is said of a file that somebody opens: how far it is, and what went wrong with the next step. Pure; for people who were
// sent a link and know nothing of how it works.

import type { PeerErrorCode } from '../../peer/errors.ts';

export interface OpenProblem {
  /** What is wrong. */
  readonly title: string;
  /** What to do now, sentences. */
  readonly advice: string;
}

/** `isAlone`: nobody else is in the ring. */
export function openProblem(code: PeerErrorCode | undefined, isAlone: boolean): OpenProblem {
  switch (code) {
    case 'bad-link':
      return {
        title: 'This link is not whole',
        advice: 'Some of it is missing or changed. Copy all of it, or ask for it again.',
      };
    case 'wrong-key':
      return {
        title: 'The key in this link does not fit',
        advice: 'Without it nobody can read the file. Copy the whole link again.',
      };
    case 'not-found':
      return isAlone
        ? {
            title: 'Nobody is here',
            advice: 'Whoever has the file must have Tabring open in a tab. Ask them to open it, then try again.',
          }
        : {
            title: 'No open tab has this file',
            advice:
              'It may be past its time or deleted, or those who have it have closed their tabs. Ask who sent the link to open Tabring, then try again.',
          };
    case 'timed-out':
      return {
        title: 'Nobody answered in time',
        advice: 'Those who have the file may be busy or on their way out. Wait a moment and try again.',
      };
    case 'corrupt':
      return { title: 'Every copy is damaged', advice: 'Ask who sent the link to share the file again.' };
    case 'full':
      return { title: 'There is no room for it', advice: 'Free some space on this device, then try again.' };
    case 'storage':
      return {
        title: 'This browser does not save it',
        advice: 'Allow downloads and storage for this page, or use another browser, then try again.',
      };
    case 'left':
      return { title: 'This tab has left the ring', advice: 'Reload the page to join again.' };
    default:
      return { title: 'Something went wrong', advice: 'Try again; if it happens again, reload the page.' };
  }
}
