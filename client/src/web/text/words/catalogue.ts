// All words of the page, by the part that shows them. English (en/) is the pattern: a translation has the same keys, each of the
// same type, or it does not compile.

import type { ConsoleWords } from './en/console.ts';
import type { DoorWords } from './en/door.ts';
import type { EventWords } from './en/events.ts';
import type { FrameWords } from './en/frame.ts';
import type { LessonWords } from './en/lesson.ts';
import type { LivingWords } from './en/living.ts';
import type { OpenWords } from './en/open.ts';
import type { OpenMoreWords } from './en/open-more.ts';
import type { OwnWords } from './en/own.ts';
import type { RingWords } from './en/ring.ts';
import type { SettingsWords } from './en/settings.ts';
import type { ShareWords } from './en/share.ts';
import type { TransferWords } from './en/transfer.ts';
import type { TroubleWords } from './en/trouble.ts';

export interface Catalogue {
  /** What is round all places: the head, its pills, what is said before a place is there. */
  readonly frame: FrameWords;
  readonly share: ShareWords;
  readonly open: OpenWords;
  /** What of a transfer is said in all places. */
  readonly transfer: TransferWords;
  /** Own files and what else comes later in Share. */
  readonly own: OwnWords;
  /** What comes later in Open: problems, folders, the field, names. */
  readonly openMore: OpenMoreWords;
  readonly ring: RingWords;
  /** The picture of the ring at work. */
  readonly living: LivingWords;
  readonly lesson: LessonWords;
  readonly console: ConsoleWords;
  readonly events: EventWords;
  /** Notices, errors, and why this tab is not in the ring. */
  readonly trouble: TroubleWords;
  /** Of a closed ring. */
  readonly door: DoorWords;
  readonly settings: SettingsWords;
}
