// A line of the page's console.

import { cleanText } from '../../text/clean-text.ts';

export interface ConsoleLine {
  /** Counts up; names the line. */
  readonly number: number;
  /** command: what the user entered; event: printed as it happened. */
  readonly kind: 'command' | 'answer' | 'complaint' | 'event';
  readonly text: string;
}

/** A line as it is shown and copied, perhaps into a terminal. */
export function lineText({ kind, text }: ConsoleLine): string {
  return cleanText(kind === 'command' ? `> ${text}` : text);
}
