// How safe an own file is, in one word and one line, and for how long it is kept. Pure.

import type { OwnFile } from '../../peer/api.ts';
import type { FileState } from '../../peer/file-status.ts';
import { formatCount } from './format.ts';

const WORDS: Readonly<Record<FileState, string>> = {
  safe: 'Safe',
  copying: 'Copying',
  'at-risk': 'At risk',
  'only-here': 'Only here',
  lost: 'Lost',
  unknown: 'Counting',
};

/** What to do about it, after the count. */
const ADVICE: Readonly<Record<FileState, string>> = {
  safe: '',
  copying: ': more when more devices join',
  'at-risk': ': open this page on more devices',
  'only-here': ': it is gone while this tab is closed',
  lost: ': no tab that is open has all of it',
  unknown: '',
};

export interface SafetyText {
  readonly word: string;
  readonly line: string;
}

export function safetyText({ state, copies, devices, wanted }: OwnFile): SafetyText {
  const count = `${copies} of ${formatCount(wanted, 'copy', 'copies')} on ${formatCount(devices, 'device')}`;
  return { word: WORDS[state], line: state === 'unknown' ? 'not known yet' : `${count}${ADVICE[state]}` };
}

/** Undefined while nobody has said for how long it is kept. */
export function keptText({ isPinned, expires }: OwnFile): string | undefined {
  if (expires === undefined) return undefined;
  const day = new Date(expires).toLocaleDateString(undefined, { day: 'numeric', month: 'long' });
  return isPinned
    ? `Kept until ${day}, and renewed while you open this page now and then.`
    : `Gone on ${day} unless pinned.`;
}
