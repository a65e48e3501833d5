// The door of a closed ring, in German.

import type { DoorWords } from '../en/door.ts';

export const doorWords: DoorWords = {
  closed:
    'Dieser Ring ist geschlossen. Sein Passwort öffnet ihn, oder der Link einer Einladung: Frag, wer ihn betreibt.',
  password: 'Passwort, oder Link der Einladung',
  enter: 'Eintreten',
  wrong: () => 'Das hat nicht gepasst: Versuch es noch einmal, oder frag nach dem jetzigen Passwort.',
};
