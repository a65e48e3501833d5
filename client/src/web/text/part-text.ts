// How far a file of a folder, or all of it, is on its way to where its user wants it. Pure.

import type { TransferState } from '../model/transfer.ts';
import { errorText } from './error-text.ts';
import { savedPartText } from './saved-folder-text.ts';
import type { SavedFile, SavedFolder } from './saved-text.ts';
import { percent } from './words/amounts.ts';
import { openWords } from './words/en/open.ts';
import { openMoreWords } from './words/en/open-more.ts';
import { transferWords } from './words/en/transfer.ts';

type PartState = TransferState<SavedFile | SavedFolder>;

/** One short line in the file's own row; undefined: nothing is to be said of it. */
export function partText(state: PartState | undefined): string | undefined {
  switch (state?.phase) {
    case 'waiting':
      return openWords().saving;
    case 'running':
      return state.doneBytes === 0
        ? openWords().saving
        : openMoreWords().savingPart(percent(state.doneBytes, state.totalBytes));
    case 'done':
      return openMoreWords().saved;
    case 'failed':
      return transferWords().failed;
    default:
      return undefined;
  }
}

/** A sentence for those who do not see the row. */
export function partNews(name: string, state: PartState): string {
  const words = openMoreWords();
  switch (state.phase) {
    case 'waiting':
    case 'running':
      return words.savingFile(name);
    case 'done':
      return `${name}: ${savedPartText(state.result)}.`;
    case 'failed':
      return `${name}: ${errorText(state.error)}`;
    case 'cancelled':
      return `${name}: ${transferWords().cancelled}.`;
  }
}
