// The files on their way into the ring: of many at once the first, and how much there is to go.

import type { PageModel } from '../../model/page-model.ts';
import type { Upload } from '../../model/uploads.ts';
import { formatBytes, formatCount } from '../../text/format.ts';
import { TransferRow } from '../progress.tsx';

/** Rows; more of them that move say less. */
const MAX_ROWS = 5;

export function UploadsView({ model }: { readonly model: PageModel }) {
  const uploads = model.uploads.list.value;
  // What failed waits for its user, what runs moves: both before those that wait for their turn.
  const ordered = [...uploads.filter((upload) => !isWaiting(upload)), ...uploads.filter(isWaiting)];
  const hidden = ordered.length - MAX_ROWS;
  return (
    <div class={uploads.length === 0 ? 'uploads' : 'uploads card'}>
      {uploads.length > 1 ? <Total uploads={uploads} /> : null}
      <ul class="list" aria-label="Files being stored">
        {ordered.slice(0, MAX_ROWS).map((upload) => (
          <TransferRow
            key={upload}
            transfer={upload}
            onDismiss={() => model.uploads.dismiss(upload)}
            done={() => upload.label}
          />
        ))}
      </ul>
      <p class="for-ears" role="status">
        {model.uploads.told.value}
      </p>
      {hidden > 0 ? <p class="detail">and {formatCount(hidden, 'more file')}</p> : null}
    </div>
  );
}

function Total({ uploads }: { readonly uploads: readonly Upload[] }) {
  const left = uploads.filter((upload) => !isOver(upload));
  const bytes = left.reduce((sum, upload) => {
    const state = upload.state.value;
    return sum + upload.bytes - (state.phase === 'running' ? state.doneBytes : 0);
  }, 0);
  return (
    <p class="total">
      {formatCount(left.length, 'file')} to go, {formatBytes(bytes)}
    </p>
  );
}

function isOver(upload: Upload): boolean {
  const { phase } = upload.state.value;
  return phase !== 'waiting' && phase !== 'running';
}

function isWaiting(upload: Upload): boolean {
  return upload.state.value.phase === 'waiting';
}
