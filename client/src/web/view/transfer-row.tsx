// One transfer's line: how far, how fast, how long still, cancel; or how it ended.

import type { ComponentChildren } from 'preact';
import type { Transfer } from '../model/transfer.ts';
import { errorText } from '../text/error-text.ts';
import { transferWords } from '../text/words/en/transfer.ts';
import { courseText, Pause } from './pause.tsx';
import { Bar } from './progress.tsx';

interface TransferRowProps<Result> {
  readonly transfer: Transfer<Result>;
  readonly onDismiss: () => void;
  /** Offered if it failed or was cancelled. */
  readonly onRetry?: () => void;
  readonly done: (result: Result) => ComponentChildren;
  /** It is a fetch. */
  readonly canPause?: boolean;
}

export function TransferRow<Result>({ transfer, onDismiss, onRetry, done, canPause }: TransferRowProps<Result>) {
  const words = transferWords();
  const state = transfer.state.value;
  const again = (
    <div class="actions">
      {onRetry === undefined ? null : (
        <button type="button" class="small" onClick={onRetry}>
          {words.tryAgain}
        </button>
      )}
      <button type="button" class="small quiet" onClick={onDismiss}>
        {words.dismiss}
      </button>
    </div>
  );
  switch (state.phase) {
    case 'waiting':
      return (
        <li class="transfer" data-phase="waiting">
          <Head label={transfer.label} detail={words.waiting[state.reason]} />
          <Cancel transfer={transfer} />
        </li>
      );
    case 'running':
      return (
        <li class="transfer" data-phase="running">
          <Head label={transfer.label} detail={courseText(transfer, state)} />
          <Bar label={transfer.label} doneBytes={state.doneBytes} totalBytes={state.totalBytes} />
          <Cancel transfer={transfer}>
            {canPause === true ? <Pause transfer={transfer} class="small quiet" /> : null}
          </Cancel>
        </li>
      );
    case 'done':
      return (
        <li class="transfer" data-phase="done">
          {done(state.result)}
        </li>
      );
    case 'failed':
      return (
        <li class="transfer failed" data-phase="failed">
          <Head label={transfer.label} detail={words.failed} />
          <p class="problem" role="alert">
            {errorText(state.error)}
          </p>
          {again}
        </li>
      );
    case 'cancelled':
      return (
        <li class="transfer" data-phase="cancelled">
          <Head label={transfer.label} detail={words.cancelled} />
          {again}
        </li>
      );
  }
}

interface CancelProps<Result> {
  readonly transfer: Transfer<Result>;
  readonly children?: ComponentChildren;
}

function Head({ label, detail }: { readonly label: string; readonly detail: string }) {
  return (
    <p class="transfer-head">
      <span class="file-name">{label}</span> <span class="detail">{detail}</span>
    </p>
  );
}

function Cancel<Result>({ transfer, children }: CancelProps<Result>) {
  const words = transferWords();
  return (
    <div class="actions">
      {children}
      <button
        type="button"
        class="small quiet"
        aria-label={words.cancelFile(transfer.label)}
        onClick={() => transfer.cancel()}
      >
        {words.cancel}
      </button>
    </div>
  );
}
