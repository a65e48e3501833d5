// A folder that is open before its user: its files, each to be saved alone, or all together; and what is being saved.

import { folderText } from '../../../prompt/folder-text.ts';
import type { Download, FetchedFile } from '../../model/downloads.ts';
import { formatBytes } from '../../text/format.ts';
import type { PlaceProps } from '../places.tsx';
import { TransferRow } from '../transfer-row.tsx';

/** Rows that a page can draw at once; the rest is saved with all. */
const MAX_ROWS = 500;

/** Of the file that is open, if it is a folder. */
export function OpenedFolder({ model }: PlaceProps) {
  const download = model.downloads.before;
  const state = download?.transfer.state.value;
  if (download === undefined || state?.phase !== 'done' || state.result.state !== 'folder') return null;
  return <Listed download={download} folder={state.result} model={model} />;
}

interface ListedProps extends PlaceProps {
  readonly download: Download;
  readonly folder: Extract<FetchedFile, { readonly state: 'folder' }>;
}

function Listed({ download, folder, model }: ListedProps) {
  const { downloads } = model;
  const files = folder.open.entries.filter((entry) => entry.kind === 'file');
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const more = files.length - MAX_ROWS;
  const parts = download.parts.value;
  return (
    <>
      <div class="actions main-actions">
        <button type="button" class="main" onClick={() => void downloads.saveFrom(download)}>
          Save all
        </button>
      </div>
      <p class="course" role="status">
        A folder, {folderText(files.length, bytes)}; fetched as it is saved.
      </p>
      {parts.length === 0 ? null : (
        <ul class="list" aria-label="Saved from it">
          {parts.map((part) => (
            <TransferRow
              key={part}
              transfer={part.transfer}
              onRetry={() => void downloads.saveFrom(download, part.file)}
              onDismiss={() => downloads.dismissPart(download, part)}
              done={(how) => <p>Done: {how}.</p>}
            />
          ))}
        </ul>
      )}
      <ul class="list" aria-label={`Files in ${folder.name}`}>
        {files.slice(0, MAX_ROWS).map((file) => (
          <li key={file.path} class="id-row">
            <span class="file-name">{file.path}</span>
            <span class="detail">{formatBytes(file.size)}</span>
            <button
              type="button"
              class="small quiet"
              aria-label={`Save ${file.path}`}
              onClick={() => void downloads.saveFrom(download, file)}
            >
              Save
            </button>
          </li>
        ))}
      </ul>
      {more > 0 ? <p class="detail">and {more} more</p> : null}
      <p class="detail">Leave this tab open a while and you help others to get it.</p>
    </>
  );
}
