// What is being saved out of a folder: all of it with one button, what takes its time with pause and cancel, and news for ears.

import type { FolderPart } from '../../model/folder-parts.ts';
import { isUnderWay } from '../../model/transfer.ts';
import { errorText } from '../../text/error-text.ts';
import { partNews } from '../../text/part-text.ts';
import { savedPartText } from '../../text/saved-folder-text.ts';
import { openWords } from '../../text/words/en/open.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import { courseText } from '../pause.tsx';
import { TransferRow } from '../transfer-row.tsx';

/** A smaller file is saved before anybody has found the button to cancel it, bytes. */
const LONG_BYTES = 2 ** 20;
/** What is read out, the latest. */
const MAX_NEWS = 8;

interface AllProps {
  /** Of all files; undefined: they were not asked for. */
  readonly part: FolderPart | undefined;
}

export function SaveAll({ part, onSave }: AllProps & { readonly onSave: () => void }) {
  const isSaving = part !== undefined && isUnderWay(part.transfer.state.value);
  return (
    <button type="button" class="main" aria-disabled={isSaving} onClick={() => (isSaving ? undefined : onSave())}>
      {isSaving ? openWords().saving : openMoreWords().saveAll}
    </button>
  );
}

/** `folder`: what it is, which is said as long as nothing else is. */
export function FolderCourse({ part, folder }: AllProps & { readonly folder: string }) {
  const state = part?.transfer.state.value;
  // How far it is, is not read out all the time.
  if (part !== undefined && state?.phase === 'running') return <p class="course">{courseText(part.transfer, state)}</p>;
  return (
    <p class="course" role="status">
      {state?.phase === 'done'
        ? openWords().done(savedPartText(state.result))
        : state?.phase === 'failed'
          ? errorText(state.error)
          : folder}
    </p>
  );
}

interface PartsProps {
  /** Latest first. */
  readonly parts: readonly FolderPart[];
}

/** Below the list of files, which does not move when they come and go. */
export function PartsUnderWay({ parts }: PartsProps) {
  const long = parts.filter(
    (part) => (part.file?.size ?? LONG_BYTES) >= LONG_BYTES && isUnderWay(part.transfer.state.value),
  );
  return long.length === 0 ? null : (
    <ul class="list" aria-label={openMoreWords().underWay}>
      {long.map((part) => (
        <TransferRow
          key={part}
          transfer={part.transfer}
          canPause
          onDismiss={() => part.transfer.cancel()}
          done={() => null}
        />
      ))}
    </ul>
  );
}

export function PartsNews({ parts }: PartsProps) {
  return (
    <div class="for-ears" role="log">
      {parts.slice(0, MAX_NEWS).map((part) => (
        <News key={part} part={part} />
      ))}
    </div>
  );
}

function News({ part: { transfer } }: { readonly part: FolderPart }) {
  return <p>{partNews(transfer.label, transfer.state.value)}</p>;
}
