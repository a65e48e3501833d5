// How safe files are, in words: the same at every prompt, on the command line and on the page.

import type { OwnFile } from '../peer/api.ts';
import type { FileState, FileStatus, LeaveReport } from '../peer/file-status.ts';

type Counted = Pick<FileStatus, 'copies' | 'devices' | 'wanted' | 'state'>;

/** Names in one line; of more, how many. */
const MAX_NAMES = 5;

const WORDS: Readonly<Record<FileState, string>> = {
  safe: 'safe',
  copying: 'more copies to come',
  'at-risk': 'at risk',
  'only-here': 'only here',
  lost: 'lost',
  unknown: 'not counted yet',
};

/** 3 of 3 copies. */
function copiesText({ copies, wanted }: Pick<Counted, 'copies' | 'wanted'>): string {
  return `${copies} of ${wanted} ${wanted === 1 ? 'copy' : 'copies'}`;
}

/** 3 of 3 copies on 1 device: at risk. The devices are named where they are fewer than the copies. */
export function statusText(status: Counted): string {
  const { copies, devices, state } = status;
  if (state === 'unknown') return WORDS.unknown;
  const places = devices < copies ? ` on ${devices} ${devices === 1 ? 'device' : 'devices'}` : '';
  return `${copiesText(status)}${places}: ${WORDS[state]}`;
}

/** Of one file, with those blocks that have fewer copies than are wanted. */
export function statusLines(status: FileStatus): readonly string[] {
  const { fileId, segments, wanted } = status;
  const short = segments.filter(({ devices }) => devices < wanted);
  return [
    `id ${fileId}`,
    statusText(status),
    `${segments.length} ${segments.length === 1 ? 'block' : 'blocks'}`,
    ...short.map(({ digest, copies, devices }) => `  ${digest}  ${copiesText({ copies, wanted })} on ${devices}`),
  ];
}

/** What no other node is known to hold; undefined if there is nothing. */
export function lastCopiesText({ lost }: LeaveReport): string | undefined {
  const { files, blocks } = lost;
  if (files.length === 0 && blocks === 0) return undefined;
  const named = files.slice(0, MAX_NAMES).map(({ name }: OwnFile) => name);
  const more = files.length > MAX_NAMES ? [`${files.length - MAX_NAMES} more files`] : [];
  const ofOthers = blocks === 0 ? [] : [`${blocks} ${blocks === 1 ? 'block' : 'blocks'} of others’ files`];
  return [...named, ...more, ...ofOthers].join(', ');
}
