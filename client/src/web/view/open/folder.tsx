// A folder that is open before its user: its files, each to be saved alone, or all together.

import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { FolderFile } from '../../../peer/folder-list.ts';
import type { Download } from '../../model/downloads.ts';
import { type FetchedFolder, type FolderPart, saveFrom } from '../../model/folder-parts.ts';
import { inOrder, matching } from '../../text/folder-files.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import { PartView, type PlaceProps } from '../places.tsx';
import { FolderFileRow } from './folder-file.tsx';
import { FolderCourse, PartsNews, PartsUnderWay, SaveAll } from './folder-parts.tsx';

/** Rows that a page can draw at once; the rest is found by its name, or saved with all. */
const MAX_ROWS = 500;
/** Files of which one is not found at a look any more. */
const FILTERED_FROM = 30;

/** Of the file that is open, if it is a folder. */
export function OpenedFolder({ model }: PlaceProps) {
  const download = model.downloads.before;
  const state = download?.transfer.state.value;
  if (download === undefined || state?.phase !== 'done' || state.result.state !== 'folder') return null;
  return <Listed download={download} folder={state.result} model={model} />;
}

interface ListedProps extends PlaceProps {
  readonly download: Download;
  readonly folder: FetchedFolder;
}

function Listed({ download, folder, model }: ListedProps) {
  const words = openMoreWords();
  const wanted = useSignal('');
  const list = useRef<HTMLUListElement>(null);
  const save = (file?: FolderFile): void => void saveFrom(download, folder, () => performance.now(), file);
  const files = useMemo(() => inOrder(folder.open.entries.filter((entry) => entry.kind === 'file')), [folder]);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const shown = matching(files, wanted.value);
  const more = shown.length - MAX_ROWS;
  const parts = download.parts.value;
  const partByFile = new Map<FolderFile | undefined, FolderPart>(parts.toReversed().map((part) => [part.file, part]));
  const all = partByFile.get(undefined);
  return (
    <>
      <div class="actions main-actions">
        <SaveAll part={all} onSave={() => save()} />
      </div>
      <FolderCourse part={all} folder={words.folder(files.length, total)} />
      <PartView model={model} part="opened-actions" />
      {files.length < FILTERED_FROM ? null : (
        <div class="one-line folder-filter">
          <label for="folder-filter">{words.filter}</label>
          <input
            id="folder-filter"
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
              list.current?.scrollTo(0, 0);
            }}
          />
          <p class="detail" role="status">
            {words.filtered(shown.length, files.length)}
          </p>
        </div>
      )}
      <ul class="list folder-files" ref={list} aria-label={words.filesIn(folder.name)}>
        {shown.slice(0, MAX_ROWS).map((file) => (
          <FolderFileRow key={file.path} file={file} part={partByFile.get(file)} onSave={() => save(file)} />
        ))}
      </ul>
      {more > 0 ? <p class="detail">{words.more(more)}</p> : null}
      <PartsUnderWay parts={parts} />
      <PartsNews parts={parts} />
    </>
  );
}
