// The public files of a name, the newest first: two files of one name are told apart by size, date and id.

import { type NameSearchState, nameSearchOf } from '../../model/name-search.ts';
import type { PageModel } from '../../model/page-model.ts';
import { errorText } from '../../text/error-text.ts';
import { shortId } from '../../text/short-id.ts';
import { moment } from '../../text/words/dates.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';

export function NameSearchView({ model }: { readonly model: PageModel }) {
  const state = nameSearchOf(model).state.value;
  return (
    <div role="status" id="name-search">
      {state.phase === 'running' ? <p>{openMoreWords().looking(state.name)}</p> : null}
      {state.phase === 'failed' ? <p class="problem">{errorText(state.error)}</p> : null}
      {state.phase === 'found' ? <Found model={model} found={state.found} /> : null}
    </div>
  );
}

type Found = Extract<NameSearchState, { phase: 'found' }>['found'];

function Found({ model, found: { name, files, missing } }: { readonly model: PageModel; readonly found: Found }) {
  const words = openMoreWords();
  if (files.length === 0) {
    return <p class="problem">{missing > 0 ? words.noneOfMissing(name, missing) : words.none(name)}</p>;
  }
  return (
    <>
      <p>{words.found(files.length, name)}</p>
      <ul class="list" aria-label={words.foundLabel}>
        {files.map(({ fileId, size, storedAt }) => (
          <li key={fileId} data-file-id={fileId}>
            <p class="transfer-head">
              <span class="detail">
                {storedAt === undefined
                  ? words.unknownTime(size, shortId(fileId))
                  : words.storedAt(size, moment(storedAt), shortId(fileId))}
              </span>
            </p>
            <div class="actions">
              <button type="button" class="small" title={fileId} onClick={() => model.open(fileId)}>
                {words.open}
              </button>
            </div>
          </li>
        ))}
      </ul>
      {missing > 0 ? <p>{words.missing(missing)}</p> : null}
      <button type="button" class="small quiet" onClick={() => nameSearchOf(model).dismiss()}>
        {words.closeList}
      </button>
    </>
  );
}
