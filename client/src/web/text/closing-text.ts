// Whether this tab may be closed, in one sentence. Pure.

import type { ClosingReport } from '../../peer/file-status.ts';
import { lastCopiesText } from '../../prompt/status-text.ts';

export interface ClosingText {
  /** lossy: something is here alone. thin: it would have fewer copies than a quorum. */
  readonly kind: 'safe' | 'thin' | 'lossy';
  readonly text: string;
}

export function closingText(report: ClosingReport, hasLeft: boolean): ClosingText {
  const last = lastCopiesText(report);
  if (last !== undefined) {
    const text = hasLeft
      ? `No other node holds now: ${last}. Join again to bring it back.`
      : `Do not close this tab yet: no other node holds ${last}.`;
    return { kind: 'lossy', text };
  }
  if (hasLeft) return { kind: 'safe', text: 'Other nodes hold all that was here.' };
  if (report.safe) return { kind: 'safe', text: 'Safe to close: enough others hold all that is here.' };
  const thin = lastCopiesText({ lost: report.atRisk }) ?? 'what is here';
  return { kind: 'thin', text: `Closing this tab loses nothing, but few others hold ${thin}.` };
}
