// Whether this tab may be closed, in one sentence, for who never heard of nodes.

import type { ClosingReport, Endangered } from '../../peer/file-status.ts';
import { troubleWords } from './words/en/trouble.ts';

export interface ClosingText {
  /**
   * lossy: something is here alone. busy: a file is under way. unknown: of what has come lately it is not known yet who else has it. thin: an
   * own file would have fewer copies than a quorum.
   */
  readonly kind: 'safe' | 'thin' | 'busy' | 'unknown' | 'lossy';
  readonly text: string;
}

/** Names in one line; of more, how many. */
const MAX_NAMES = 2;

/** Without a full stop. */
export function closingText(report: ClosingReport, hasLeft: boolean, isBusy: boolean): ClosingText {
  const words = troubleWords();
  const { known, lost, atRisk } = report;
  const last = namesOf(known ? lost : { ...lost, blocks: 0 });
  if (last !== undefined) return { kind: 'lossy', text: hasLeft ? words.lastLeft(last) : words.lastHere(last) };
  if (hasLeft) return { kind: 'safe', text: words.othersHaveAll };
  if (isBusy) return { kind: 'busy', text: words.underWay };
  if (report.safe) return { kind: 'safe', text: words.safeToClose };
  const few = namesOf({ ...atRisk, blocks: 0 });
  if (few !== undefined) return { kind: 'thin', text: words.thin(few) };
  // Of others' files few have a copy too: the ring makes more, and nobody here can do anything about it.
  return known ? { kind: 'safe', text: words.losesNothing } : { kind: 'unknown', text: words.whoHasIt };
}

function namesOf({ files, blocks }: Endangered): string | undefined {
  const words = troubleWords();
  const named = files.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = files.length > MAX_NAMES ? [words.moreFiles(files.length - MAX_NAMES)] : [];
  const ofOthers = blocks === 0 ? [] : [words.partsOfOthers(blocks)];
  const all = [...named, ...more, ...ofOthers];
  return all.length === 0 ? undefined : all.join(', ');
}
