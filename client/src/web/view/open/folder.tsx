// A folder that is open before its user: its files, each to be saved alone, or all together; and what is being saved.

import type { FolderFile } from '../../../peer/folder-list.ts';
import type { Download } from '../../model/downloads.ts';
import { dismissPart, type FetchedFolder, saveFrom } from '../../model/folder-parts.ts';
import { savedPartText } from '../../text/saved-folder-text.ts';
import { bytes } from '../../text/words/amounts.ts';
import { openWords } from '../../text/words/en/open.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import type { PlaceProps } from '../places.tsx';
import { TransferRow } from '../transfer-row.tsx';

/** Rows that a page can draw at once; the rest is saved with all. */
const MAX_ROWS = 500;

/** Of the file that is open, if it is a folder. */
export function OpenedFolder({ model }: PlaceProps) {
  const download = model.downloads.before;
  const state = download?.transfer.state.value;
  if (download === undefined || state?.phase !== 'done' || state.result.state !== 'folder') return null;
  return <Listed download={download} folder={state.result} />;
}

interface ListedProps {
  readonly download: Download;
  readonly folder: FetchedFolder;
}

function Listed({ download, folder }: ListedProps) {
  const words = openMoreWords();
  const { save: saveWord, leaveOpen, done } = openWords();
  const save = (file?: FolderFile): void => void saveFrom(download, folder, () => performance.now(), file);
  const files = folder.open.entries.filter((entry) => entry.kind === 'file');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const more = files.length - MAX_ROWS;
  const parts = download.parts.value;
  return (
    <>
      <div class="actions main-actions">
        <button type="button" class="main" onClick={() => save()}>
          {words.saveAll}
        </button>
      </div>
      <p class="course" role="status">
        {words.folder(files.length, total)}
      </p>
      {parts.length === 0 ? null : (
        <ul class="list" aria-label={words.savedFrom}>
          {parts.map((part) => (
            <TransferRow
              key={part}
              transfer={part.transfer}
              canPause
              onRetry={() => save(part.file)}
              onDismiss={() => dismissPart(download, part)}
              done={(saved) => <p>{done(savedPartText(saved))}</p>}
            />
          ))}
        </ul>
      )}
      <ul class="list" aria-label={words.filesIn(folder.name)}>
        {files.slice(0, MAX_ROWS).map((file) => (
          <li key={file.path} class="id-row">
            <span class="file-name">{file.path}</span>
            <span class="detail">{bytes(file.size)}</span>
            <button type="button" class="small quiet" aria-label={words.saveFile(file.path)} onClick={() => save(file)}>
              {saveWord}
            </button>
          </li>
        ))}
      </ul>
      {more > 0 ? <p class="detail">{words.more(more)}</p> : null}
      <p class="detail">{leaveOpen}</p>
    </>
  );
}
