// How safe an own file is, in one word and one line, for how long it is kept, and what came of deleting it.

import type { OwnFile } from '../../peer/api.ts';
import type { RemovedFile } from '../../peer/file-status.ts';
import { day, moment } from './words/dates.ts';
import { ownWords } from './words/en/own.ts';

export interface SafetyText {
  readonly word: string;
  readonly line: string;
}

export function safetyText({ state, copies, devices, wanted }: OwnFile): SafetyText {
  const words = ownWords();
  const line = state === 'unknown' ? words.notKnown : words.copies(copies, wanted, devices, state);
  return { word: words.states[state], line };
}

/** Whole days, to which the time of day adds nothing. */
const DAYS_MS = 2 * 24 * 60 * 60_000;

/** Undefined while nobody has said for how long it is kept. */
export function keptText({ isPinned, expires, storedAt }: OwnFile): string | undefined {
  if (expires === undefined) return undefined;
  if (isPinned) return ownWords().kept(day(expires));
  return ownWords().goneOn(expires - storedAt < DAYS_MS ? moment(expires) : day(expires));
}

export function removedText({ name, holders, deletedAt, isDone }: RemovedFile): string {
  const words = ownWords();
  const told = words.deletedAt(name, deletedAt, holders);
  if (!isDone) return words.deletedFew(told);
  return deletedAt === holders ? words.deletedAll(told) : words.deletedMost(told);
}
