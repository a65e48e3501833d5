// For how long files are kept, and what came of a deletion, in words.

import type { RemovedFile } from '../peer/file-status.ts';

/** until 2026-12-06 13:20 UTC; undefined: not told yet. */
export function untilText(expires: number | undefined): string {
  if (expires === undefined) return 'for a time that is not known yet';
  return `until ${new Date(expires).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function removedLine({ name, holders, deletedAt, isDone }: RemovedFile): string {
  const told = `${name}: deleted at ${deletedAt} of ${holders} ${holders === 1 ? 'holder' : 'holders'}`;
  if (!isDone) return `${told}; too few answer now: the rest is told while this node runs, and its time ends by itself`;
  return deletedAt === holders ? told : `${told}; the others will when they come back`;
}
