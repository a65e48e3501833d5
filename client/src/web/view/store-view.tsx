// Storing files: drop them or choose them, watch them go; then the list of own files with id, link and copies.

import { useSignal } from '@preact/signals';
import type { OwnFile } from '../../peer/api.ts';
import { isClassroomRing } from '../../peer/name-key.ts';
import type { PageModel } from '../model/page-model.ts';
import { formatBytes, formatCopies, shortId } from '../text/format.ts';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';
import { TransferRow } from './progress.tsx';

export function StoreView({ model }: { readonly model: PageModel }) {
  const isPublic = useSignal(isClassroomRing(model.inspection.value.params));
  const store = (files: Iterable<File>): void => {
    for (const file of files) {
      // The row in the list shows a failure; the promise is for the console.
      model.uploads
        .store(file, { isPublic: isPublic.value })
        .catch((error: unknown) => console.info(`store ${file.name}:`, error));
    }
  };
  const own = model.listing.value.own.toSorted((a, b) => b.storedAt - a.storedAt);
  return (
    <Card id="store" title="Store files" note="They stay in other tabs when this one closes.">
      <DropZone onFiles={store} isOff={model.inspection.value.status === 'left'} />
      <label class="choice">
        <input
          type="checkbox"
          id="public-choice"
          checked={isPublic.value}
          onChange={(event) => {
            isPublic.value = event.currentTarget.checked;
          }}
        />{' '}
        Public: anybody finds it by its name. Else only who has the link or the id.
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
      {own.length === 0 ? (
        <p class="empty">No files yet.</p>
      ) : (
        <ul class="list" id="own-files" aria-label="Files stored from this tab">
          {own.map((file) => (
            <OwnFileRow key={file.fileId} file={file} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function DropZone({ onFiles, isOff }: { readonly onFiles: (files: Iterable<File>) => void; readonly isOff: boolean }) {
  const isOver = useSignal(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    if (!isOff) onFiles(event.dataTransfer?.files ?? []);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = !isOff;
  };
  const choose = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    onFiles([...(event.currentTarget.files ?? [])]);
    // So that choosing the same file again is a change again.
    event.currentTarget.value = '';
  };
  return (
    <label
      class={isOver.value ? 'drop-zone over' : 'drop-zone'}
      onDragOver={over}
      onDragLeave={() => {
        isOver.value = false;
      }}
      onDrop={drop}
    >
      <input type="file" id="file-input" multiple disabled={isOff} onChange={choose} />
      <span>
        {isOff ? (
          'This tab has left the ring: join again to store files.'
        ) : (
          <>
            Drop files here or <span class="as-link">choose them</span>
          </>
        )}
      </span>
    </label>
  );
}

function OwnFileRow({ file }: { readonly file: OwnFile }) {
  const isComplete = file.copies >= file.wanted;
  return (
    <li class="own-file" data-file-id={file.fileId}>
      <p class="transfer-head">
        <span class="file-name">{file.name}</span>{' '}
        <span class="detail">
          {formatBytes(file.size)}, {new Date(file.storedAt).toLocaleString()}
        </span>
      </p>
      <p class={isComplete ? 'copies complete' : 'copies'}>
        {formatCopies(file.copies, file.wanted)}
        {isComplete ? '' : ': more when more tabs join'}
      </p>
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
