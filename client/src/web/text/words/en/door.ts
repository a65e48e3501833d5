// The door of a closed ring, in English.

import { wordsOf } from '../spoken.ts';

export const DOOR = {
  closed: 'This ring is closed. Its password opens it, or the link of an invitation: ask who runs it.',
  password: 'Password, or the invitation’s link',
  enter: 'Enter',
  /** `message`: why the last one was none, as the Discovery node says it. */
  wrong: (message: string) => message,
};

export type DoorWords = typeof DOOR;
export const doorWords = wordsOf('door', DOOR);
