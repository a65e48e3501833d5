// A fetch can rest: the button, and what is said meanwhile.

import type { Transfer, TransferState } from '../model/transfer.ts';
import { runningText } from '../text/transfer-text.ts';
import { transferWords } from '../text/words/en/transfer.ts';

interface PauseProps<Result> {
  readonly transfer: Transfer<Result>;
  readonly class: string;
}

export function Pause<Result>({ transfer, class: looks }: PauseProps<Result>) {
  const words = transferWords();
  const say = transfer.isPaused.value ? words.goOn : words.pause;
  return (
    <button
      type="button"
      class={looks}
      aria-label={words.ofFile(say, transfer.label)}
      onClick={() => transfer.togglePause()}
    >
      {say}
    </button>
  );
}

/** How far it is; draws whoever reads it again when it is paused. */
export function courseText<Result>(
  { isPaused }: Transfer<Result>,
  { doneBytes, totalBytes, rate }: Extract<TransferState<Result>, { readonly phase: 'running' }>,
): string {
  return isPaused.value ? transferWords().paused(doneBytes, totalBytes) : runningText(doneBytes, totalBytes, rate);
}
