// All words of the page in German.

import type { Catalogue } from '../catalogue.ts';
import { consoleWords } from './console.ts';
import { doorWords } from './door.ts';
import { eventWords } from './events.ts';
import { frameWords } from './frame.ts';
import { lessonWords } from './lesson.ts';
import { livingWords } from './living.ts';
import { openWords } from './open.ts';
import { openMoreWords } from './open-more.ts';
import { ownWords } from './own.ts';
import { ringWords } from './ring.ts';
import { settingsWords } from './settings.ts';
import { shareWords } from './share.ts';
import { transferWords } from './transfer.ts';
import { troubleWords } from './trouble.ts';

export const GERMAN: Catalogue = {
  frame: frameWords,
  share: shareWords,
  open: openWords,
  transfer: transferWords,
  own: ownWords,
  openMore: openMoreWords,
  ring: ringWords,
  living: livingWords,
  lesson: lessonWords,
  console: consoleWords,
  events: eventWords,
  trouble: troubleWords,
  door: doorWords,
  settings: settingsWords,
};
