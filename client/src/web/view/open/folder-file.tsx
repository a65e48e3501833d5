// A file of a folder: its name, and what becomes of it in its own row, which keeps its height, so that no other row moves.

import type { FolderFile } from '../../../peer/folder-list.ts';
import type { FolderPart } from '../../model/folder-parts.ts';
import { isUnderWay } from '../../model/transfer.ts';
import { errorText } from '../../text/error-text.ts';
import { partText } from '../../text/part-text.ts';
import { bytes } from '../../text/words/amounts.ts';
import { openWords } from '../../text/words/en/open.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';

interface FolderFileRowProps {
  readonly file: FolderFile;
  /** Undefined: it was not asked for. */
  readonly part: FolderPart | undefined;
  readonly onSave: () => void;
}

export function FolderFileRow({ file, part, onSave }: FolderFileRowProps) {
  const { save, saving } = openWords();
  const state = part?.transfer.state.value;
  const isSaving = state !== undefined && isUnderWay(state);
  const told = partText(state);
  return (
    <li class="folder-file" data-phase={state?.phase}>
      <div class="file-words">
        <p class="file-name">{file.path}</p>
        <p class="detail">
          {bytes(file.size)}
          {told === undefined ? null : <strong class="told">{told}</strong>}
        </p>
        {state?.phase === 'failed' ? <p class="problem">{errorText(state.error)}</p> : null}
      </div>
      <button
        type="button"
        class="small quiet steady"
        aria-label={openMoreWords().saveFile(file.path)}
        aria-disabled={isSaving}
        // Who taps twice wants it once.
        onClick={() => (isSaving ? undefined : onSave())}
      >
        <span class={isSaving ? 'unseen' : ''}>{save}</span>
        <span class={isSaving ? '' : 'unseen'}>{saving}</span>
      </button>
    </li>
  );
}
