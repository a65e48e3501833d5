// Storing files: drop them or choose them, watch them go; then the list of own files with id, link and copies.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FileSource, OwnFile } from '../../peer/api.ts';
import type { FileState } from '../../peer/file-status.ts';
import { isClassroomRing } from '../../peer/name-key.ts';
import { statusText } from '../../prompt/status-text.ts';
import { cleanText } from '../../text/clean-text.ts';
import type { PageModel } from '../model/page-model.ts';
import { errorText } from '../text/error-text.ts';
import { formatBytes, shortId } from '../text/format.ts';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';
import { watchGiven } from './given.ts';
import { LeaseRow } from './lease-view.tsx';
import { TransferRow } from './progress.tsx';

export function StoreView({ model }: { readonly model: PageModel }) {
  const isPublic = useSignal(isClassroomRing(model.inspection.value.params));
  const store = (files: Iterable<FileSource>): void => {
    for (const file of files) {
      // The row in the list shows a failure; the promise is for the console.
      model.uploads
        .store(file, { isPublic: isPublic.value })
        .catch((error: unknown) => console.info('not stored:', cleanText(file.name), error));
    }
  };
  const own = model.listing.value.own.toSorted((a, b) => b.storedAt - a.storedAt);
  return (
    <Card id="store" title="Store files" note="They stay in other tabs when this one closes.">
      <DropZone
        onFiles={store}
        onLink={(link) => void model.downloads.fetch(link)}
        onFolders={(entries) => {
          model.dropped(entries).then(store, (error: unknown) => {
            for (const { name } of entries) model.uploads.refuse(name, errorText(error));
          });
        }}
        isOff={model.inspection.value.status === 'left'}
      />
      <FolderChoice
        onFolder={(files) => {
          model.chosenFolder(files).then(
            (folder) => store([folder]),
            (error: unknown) => model.uploads.refuse(files[0]?.webkitRelativePath ?? 'folder', errorText(error)),
          );
        }}
        isOff={model.inspection.value.status === 'left'}
      />
      <label class="choice">
        <input
          type="checkbox"
          id="public-choice"
          checked={isPublic.value}
          onChange={(event) => {
            isPublic.value = event.currentTarget.checked;
          }}
        />{' '}
        Public: everybody may read it, and finds it by its name. Else it is sealed here, and only who has its link reads
        it.
      </label>
      <ul class="list" aria-label="Files being stored">
        {model.uploads.list.value.map((upload) => (
          <TransferRow
            key={upload}
            transfer={upload}
            onDismiss={() => model.uploads.dismiss(upload)}
            done={() => upload.label}
          />
        ))}
      </ul>
      <h3>Stored from this tab</h3>
      {model.actions.told.value !== undefined && (
        <p class="detail" role="status" id="deleted">
          {model.actions.told.value}
        </p>
      )}
      {own.length === 0 ? (
        <p class="empty">No files yet.</p>
      ) : (
        <ul class="list" id="own-files" aria-label="Files stored from this tab">
          {own.map((file) => (
            <OwnFileRow key={file.fileId} file={file} model={model} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Preact's types know no such attribute. */
function takeFolders(input: HTMLInputElement | null): void {
  if (input !== null) input.webkitdirectory = true;
}

interface FolderChoiceProps {
  /** All files of the folder and below. */
  readonly onFolder: (files: readonly File[]) => void;
  readonly isOff: boolean;
}

function FolderChoice({ onFolder, isOff }: FolderChoiceProps) {
  const choose = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    const files = [...(event.currentTarget.files ?? [])];
    if (files.length > 0) onFolder(files);
    // So that choosing the same folder again is a change again.
    event.currentTarget.value = '';
  };
  return (
    <label class="choice">
      A whole folder, as one:{' '}
      <input type="file" id="folder-input" ref={takeFolders} disabled={isOff} onChange={choose} />
    </label>
  );
}

interface DropZoneProps {
  readonly onFiles: (files: Iterable<File>) => void;
  /** All that was dropped, if a folder is among it. */
  readonly onFolders: (entries: readonly FileSystemEntry[]) => void;
  readonly onLink: (link: string) => void;
  readonly isOff: boolean;
}

const ignore = (): void => undefined;
const DEAF = { onFiles: ignore, onFolders: ignore, onLink: ignore };

function DropZone({ onFiles, onFolders, onLink, isOff }: DropZoneProps) {
  const isOver = useSignal(false);
  const latest = useRef({ onFiles, onFolders, onLink });
  latest.current = isOff ? DEAF : { onFiles, onFolders, onLink };
  useEffect(
    () =>
      watchGiven(window, {
        take: (files) => latest.current.onFiles(files),
        takeFolders: (entries) => latest.current.onFolders(entries),
        open: (link) => latest.current.onLink(link),
        hover: (isHovering) => {
          isOver.value = isHovering;
        },
      }),
    [isOver],
  );
  const choose = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    onFiles([...(event.currentTarget.files ?? [])]);
    // So that choosing the same file again is a change again.
    event.currentTarget.value = '';
  };
  return (
    <label class={isOver.value && !isOff ? 'drop-zone over' : 'drop-zone'}>
      <input type="file" id="file-input" multiple disabled={isOff} onChange={choose} />
      <span>
        {isOff ? (
          'This tab has left the ring: join again to store files.'
        ) : (
          <>
            Drop files anywhere, paste, or <span class="as-link">choose them</span>
          </>
        )}
      </span>
    </label>
  );
}

/** What to do about it, after the count. */
const ADVICE: Readonly<Record<FileState, string>> = {
  safe: '',
  copying: ', when more devices join',
  'at-risk': ': open this page on more devices',
  'only-here': ': it is gone while this tab is closed',
  lost: ': no node of the ring has all of it',
  unknown: '',
};

function OwnFileRow({ file, model }: { readonly file: OwnFile; readonly model: PageModel }) {
  return (
    <li class="own-file" data-file-id={file.fileId}>
      <p class="transfer-head">
        <span class="file-name">{file.name}</span>{' '}
        <span class="detail">
          {formatBytes(file.size)}, {new Date(file.storedAt).toLocaleString()}
        </span>
      </p>
      <p class={file.state === 'safe' ? 'copies complete' : 'copies'} data-state={file.state}>
        {statusText(file)}
        {ADVICE[file.state]}
      </p>
      <LeaseRow file={file} model={model} />
      <div class="id-row">
        <code class="id clipped" title={file.fileId}>
          {file.fileId}
        </code>
        <CopyButton text={file.fileId} label="Copy id" />
      </div>
      <div class="id-row">
        <a class="clipped" href={file.link}>
          Link to this file ({shortId(file.fileId)})
        </a>
        <CopyButton text={file.link} label="Copy link" />
      </div>
    </li>
  );
}
