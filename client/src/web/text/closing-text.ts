// Whether this tab may be closed, in one sentence, for who never heard of nodes. Pure.

import type { ClosingReport, Endangered } from '../../peer/file-status.ts';
import { formatCount } from './format.ts';

export interface ClosingText {
  /** lossy: something is here alone. thin: it would have fewer copies than a quorum. */
  readonly kind: 'safe' | 'thin' | 'lossy';
  readonly text: string;
}

/** Names in one line; of more, how many. */
const MAX_NAMES = 2;

/** Without a full stop. */
export function closingText(report: ClosingReport, hasLeft: boolean): ClosingText {
  const last = namesOf(report.lost);
  if (last !== undefined) {
    const text = hasLeft
      ? `No other tab has ${last} now: join again to bring it back`
      : `Do not close yet: no other tab has ${last}`;
    return { kind: 'lossy', text };
  }
  if (hasLeft) return { kind: 'safe', text: 'Others have all that was here' };
  if (report.safe) return { kind: 'safe', text: 'Safe to close' };
  return {
    kind: 'thin',
    text: `Closing loses nothing, but few others have ${namesOf(report.atRisk) ?? 'what is here'}`,
  };
}

function namesOf({ files, blocks }: Endangered): string | undefined {
  const named = files.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = files.length > MAX_NAMES ? [formatCount(files.length - MAX_NAMES, 'more file')] : [];
  const ofOthers = blocks === 0 ? [] : [`${formatCount(blocks, 'part')} of others’ files`];
  const all = [...named, ...more, ...ofOthers];
  return all.length === 0 ? undefined : all.join(', ');
}
