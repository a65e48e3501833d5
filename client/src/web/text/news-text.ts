// What the page has to tell as a whole, in words.

import { RingKeyChanged, shownKey } from '../../stores/ring-pins.ts';
import { errorText } from './error-text.ts';
import { identityText } from './identity-text.ts';
import type { Failure, Notice, Wait } from './news.ts';
import { refusalText } from './refusal-text.ts';
import { troubleWords } from './words/en/trouble.ts';

export function waitText(wait: Wait): string {
  const words = troubleWords();
  switch (wait.kind) {
    case 'away':
      return words.away(wait.message);
    case 'refused':
      return words.refused(refusalText(wait.reason, wait.message, words.refusals));
    case 'proving':
      return words.proving;
  }
}

export function failureText(failure: Failure): string {
  const words = troubleWords();
  if (failure.kind === 'error') {
    const { error } = failure;
    return error instanceof RingKeyChanged
      ? words.keyChanged(error.message, shownKey(error.pinned), shownKey(error.ringKey))
      : errorText(error);
  }
  return words.lacks(failure.lacks.map((lack) => words[lack]).reduce(words.andNo));
}

/** Undefined if there is nothing to say. */
export function noticeText(notice: Notice): string | undefined {
  const words = troubleWords();
  switch (notice.kind) {
    case 'bad-id':
      return words.badId(notice.wanted);
    case 'bad-place':
      return words.badPlace;
    case 'insecure':
      return words.insecure(notice.host);
    case 'identity':
      return identityText(notice.outcome);
    case 'not-kept':
      return words.notKept(errorText(notice.error));
    case 'newer':
      return words.newer;
    case 'part-missing':
      return words.partMissing;
  }
}
