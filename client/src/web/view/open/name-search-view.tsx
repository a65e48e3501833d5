// The public files of a name, the newest first: two files of one name are told apart by size, date and id.

import { missingText } from '../../../prompt/missing-text.ts';
import type { PageModel } from '../../model/page-model.ts';
import { formatBytes, formatCount, shortId } from '../../text/format.ts';

export function NameSearchView({ model }: { readonly model: PageModel }) {
  const state = model.names.state.value;
  return (
    <div role="status" id="name-search">
      {state.phase === 'running' ? <p>Looking for public files called “{state.name}”…</p> : null}
      {state.phase === 'failed' ? <p class="problem">{state.message}</p> : null}
      {state.phase === 'found' ? <Found model={model} found={state.found} /> : null}
    </div>
  );
}

type Found = Extract<PageModel['names']['state']['value'], { phase: 'found' }>['found'];

function Found({ model, found: { name, files, missing } }: { readonly model: PageModel; readonly found: Found }) {
  if (files.length === 0) {
    return (
      <p class="problem">
        {missing > 0
          ? `No public file called “${name}” could be fetched; ${missingText(missing)}. Try again.`
          : `No public file is called “${name}”. Private ones are found by their link alone.`}
      </p>
    );
  }
  return (
    <>
      <p>
        {formatCount(files.length, 'public file')} called “{name}”, newest first:
      </p>
      <ul class="list" aria-label="Public files of this name">
        {files.map(({ fileId, size, storedAt }) => (
          <li key={fileId} data-file-id={fileId}>
            <p class="transfer-head">
              <span class="detail">
                {formatBytes(size)},{' '}
                {storedAt === undefined ? 'stored at an unknown time' : `stored ${new Date(storedAt).toLocaleString()}`}
                , id {shortId(fileId)}
              </span>
            </p>
            <div class="actions">
              <button type="button" class="small" title={fileId} onClick={() => model.open(fileId)}>
                Open
              </button>
            </div>
          </li>
        ))}
      </ul>
      {missing > 0 ? <p>{missingText(missing)}.</p> : null}
      <button type="button" class="small quiet" onClick={() => model.names.dismiss()}>
        Close the list
      </button>
    </>
  );
}
