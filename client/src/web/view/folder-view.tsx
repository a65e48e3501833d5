// An opened folder: its files, each to be saved alone, or all together.

import type { FolderFile } from '../../peer/folder-list.ts';
import { folderText } from '../../prompt/folder-text.ts';
import type { FetchedFile } from '../model/downloads.ts';
import { formatBytes } from '../text/format.ts';

/** Rows that a page can draw at once; the rest is saved with all. */
const MAX_ROWS = 500;

interface FolderViewProps {
  readonly folder: Extract<FetchedFile, { readonly state: 'folder' }>;
  /** Undefined: all. */
  readonly onSave: (file?: FolderFile) => void;
  readonly onDismiss: () => void;
}

export function FolderView({ folder, onSave, onDismiss }: FolderViewProps) {
  const files = folder.open.entries.filter((entry) => entry.kind === 'file');
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const more = files.length - MAX_ROWS;
  return (
    <>
      <p class="transfer-head">
        <span class="file-name">{folder.name}</span>{' '}
        <span class="detail">folder, {folderText(files.length, bytes)}</span>
      </p>
      <ul class="list" aria-label={`Files in ${folder.name}`}>
        {files.slice(0, MAX_ROWS).map((file) => (
          <li key={file.path} class="transfer-head">
            <span class="file-name">{file.path}</span> <span class="detail">{formatBytes(file.size)}</span>{' '}
            <button type="button" class="small quiet" aria-label={`Save ${file.path}`} onClick={() => onSave(file)}>
              Save
            </button>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="detail">and {more} more</p>}
      <div class="actions">
        <button type="button" class="small" onClick={() => onSave()}>
          Save all
        </button>
        <button type="button" class="small quiet" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </>
  );
}
