// Fetching a file by link, id or name, and saving it.

import { useSignal } from '@preact/signals';
import type { FetchedFile } from '../model/downloads.ts';
import type { PageModel } from '../model/page-model.ts';
import { formatBytes } from '../text/format.ts';
import { isLinkOrId } from '../text/wanted.ts';
import { Card } from './card.tsx';
import { FolderView } from './folder-view.tsx';
import { NameSearchView } from './name-search-view.tsx';
import { TransferRow } from './progress.tsx';

export function FetchView({ model }: { readonly model: PageModel }) {
  const wanted = useSignal('');
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = wanted.value.trim();
    if (isLinkOrId(text)) void model.downloads.fetch(text);
    else if (text !== '') void model.names.search(text);
    wanted.value = '';
  };
  return (
    <Card id="fetch" title="Fetch a file">
      <form class="one-line" onSubmit={submit}>
        <label for="fetch-input">Link or id of the file, or the name of a public one</label>
        <input
          id="fetch-input"
          type="text"
          required
          autocomplete="off"
          spellcheck={false}
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        <button type="submit">Fetch</button>
      </form>
      <NameSearchView model={model} />
      <ul class="list" id="fetched-files" aria-label="Files being fetched">
        {model.downloads.list.value.map((download) => (
          <TransferRow
            key={download}
            transfer={download.transfer}
            onDismiss={() => model.downloads.dismiss(download)}
            onRetry={download.again}
            done={(file) =>
              file.state === 'folder' ? (
                <FolderView
                  folder={file}
                  onSave={(one) => void model.downloads.saveFrom(download, one)}
                  onDismiss={() => model.downloads.dismiss(download)}
                />
              ) : (
                <Ready
                  file={file}
                  onSave={() => void model.downloads.save(download)}
                  onDismiss={() => model.downloads.dismiss(download)}
                />
              )
            }
          />
        ))}
      </ul>
    </Card>
  );
}

interface ReadyProps {
  readonly file: Exclude<FetchedFile, { readonly state: 'folder' }>;
  readonly onSave: () => void;
  readonly onDismiss: () => void;
}

/** In which state a file is, after its size and type. */
const STANDING = { here: '; every part verified', offered: '; fetched as it is saved' } as const;

function Ready({ file, onSave, onDismiss }: ReadyProps) {
  return (
    <>
      <p class="transfer-head">
        <span class="file-name">{file.name}</span>{' '}
        <span class="detail">
          {formatBytes(file.size)}
          {file.type === '' ? '' : `, ${file.type}`}
          {file.state === 'saved' ? `; ${file.how}` : STANDING[file.state]}
        </span>
      </p>
      <div class="actions">
        {file.state === 'here' ? (
          <a class="button small" href={file.url} download={file.name}>
            Download
          </a>
        ) : file.state === 'offered' ? (
          <button type="button" class="small" onClick={onSave}>
            Save
          </button>
        ) : null}
        <button type="button" class="small quiet" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </>
  );
}
