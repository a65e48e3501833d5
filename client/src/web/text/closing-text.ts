// Whether this tab may be closed, in one sentence, for who never heard of nodes.

import type { ClosingReport, Endangered } from '../../peer/file-status.ts';
import { troubleWords } from './words/en/trouble.ts';

export interface ClosingText {
  /** lossy: something is here alone. thin: it would have fewer copies than a quorum. */
  readonly kind: 'safe' | 'thin' | 'lossy';
  readonly text: string;
}

/** Names in one line; of more, how many. */
const MAX_NAMES = 2;

/** Without a full stop. */
export function closingText(report: ClosingReport, hasLeft: boolean): ClosingText {
  const words = troubleWords();
  const last = namesOf(report.lost);
  if (last !== undefined) return { kind: 'lossy', text: hasLeft ? words.lastLeft(last) : words.lastHere(last) };
  if (hasLeft) return { kind: 'safe', text: words.othersHaveAll };
  if (report.safe) return { kind: 'safe', text: words.safeToClose };
  return { kind: 'thin', text: words.thin(namesOf(report.atRisk) ?? words.whatIsHere) };
}

function namesOf({ files, blocks }: Endangered): string | undefined {
  const words = troubleWords();
  const named = files.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = files.length > MAX_NAMES ? [words.moreFiles(files.length - MAX_NAMES)] : [];
  const ofOthers = blocks === 0 ? [] : [words.partsOfOthers(blocks)];
  const all = [...named, ...more, ...ofOthers];
  return all.length === 0 ? undefined : all.join(', ');
}
