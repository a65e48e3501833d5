// The question before an own file is deleted.

import { useEffect, useRef } from 'preact/hooks';
import type { OwnFile } from '../../../peer/api.ts';
import { ownFileActionsOf } from '../../model/own-file-actions.ts';
import type { PageModel } from '../../model/page-model.ts';
import { ownWords } from '../../text/words/en/own.ts';

export function DeleteQuestion({ file, model }: { readonly file: OwnFile; readonly model: PageModel }) {
  const words = ownWords();
  const actions = ownFileActionsOf(model);
  const keep = useRef<HTMLButtonElement>(null);
  // Who presses Enter once too often keeps the file.
  useEffect(() => keep.current?.focus(), []);
  return (
    <div class="question" role="alertdialog" aria-label={words.deleteLabel(file.name)}>
      <p>{words.deleteQuestion(file.name)}</p>
      <div class="actions">
        <button type="button" class="small danger" onClick={() => void actions.remove(file.fileId)}>
          {words.deleteYes}
        </button>
        <button type="button" class="small quiet" ref={keep} onClick={() => actions.keep(file.fileId)}>
          {words.deleteNo}
        </button>
      </div>
    </div>
  );
}
