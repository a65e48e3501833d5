// The question before an own file is deleted.

import { useEffect, useRef } from 'preact/hooks';
import type { OwnFile } from '../../../peer/api.ts';
import type { PageModel } from '../../model/page-model.ts';

export function DeleteQuestion({ file, model }: { readonly file: OwnFile; readonly model: PageModel }) {
  const { actions } = model;
  const keep = useRef<HTMLButtonElement>(null);
  // Who presses Enter once too often keeps the file.
  useEffect(() => keep.current?.focus(), []);
  return (
    <div class="question" role="alertdialog" aria-label={`Delete ${file.name}?`}>
      <p>
        Delete “{file.name}” from all tabs that hold it? It cannot be undone. Whoever has fetched it already keeps what
        they have.
      </p>
      <div class="actions">
        <button type="button" class="small danger" onClick={() => void actions.remove(file.fileId)}>
          Yes, delete it
        </button>
        <button type="button" class="small quiet" ref={keep} onClick={() => actions.keep(file.fileId)}>
          Keep it
        </button>
      </div>
    </div>
  );
}
