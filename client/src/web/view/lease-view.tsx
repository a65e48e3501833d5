// For how long an own file is kept, and what its owner can do about it: pin it or not, and delete it after a question.

import type { OwnFile } from '../../peer/api.ts';
import type { PageModel } from '../model/page-model.ts';

export function LeaseRow({ file, model }: { readonly file: OwnFile; readonly model: PageModel }) {
  const { actions } = model;
  const { fileId, isPinned, expires } = file;
  const state = actions.stateOf(fileId);
  const isBusy = state?.phase === 'deleting' || state?.phase === 'pinning';
  if (state?.phase === 'asking') return <Question file={file} model={model} />;
  return (
    <div class="lease">
      <p class="detail">
        {expires !== undefined && `Kept until ${new Date(expires).toLocaleString()}`}
        {expires !== undefined &&
          (isPinned ? ', and renewed while this page is opened now and then.' : ', then no more.')}
      </p>
      {state?.phase === 'failed' && (
        <p class="error" role="alert">
          {state.message}
        </p>
      )}
      <button
        type="button"
        class="small quiet"
        disabled={isBusy}
        onClick={() => void actions.setPinned(fileId, !isPinned)}
      >
        {isPinned ? 'Unpin' : 'Pin'}
      </button>{' '}
      <button type="button" class="small quiet" disabled={isBusy} onClick={() => actions.ask(fileId)}>
        {state?.phase === 'deleting' ? 'Deleting…' : 'Delete'}
      </button>
    </div>
  );
}

function Question({ file, model }: { readonly file: OwnFile; readonly model: PageModel }) {
  const { actions } = model;
  return (
    <div class="lease" role="alertdialog" aria-label="Delete this file?">
      <p>
        Delete “{file.name}” from all tabs that hold it? It cannot be undone. Whoever has fetched it already keeps what
        they have.
      </p>
      <button type="button" class="small" onClick={() => void actions.remove(file.fileId)}>
        Yes, delete it
      </button>{' '}
      <button type="button" class="small quiet" onClick={() => actions.keep(file.fileId)}>
        Keep it
      </button>
    </div>
  );
}
