// The files on their way into the ring: of many at once the first, and how much there is to go.

import type { PageModel } from '../../model/page-model.ts';
import type { Upload } from '../../model/uploads.ts';
import { formatBytes, formatCount } from '../../text/format.ts';
import { TransferRow } from '../transfer-row.tsx';

/** Rows; more of them that move say less. */
const MAX_ROWS = 5;

export function UploadsView({ model }: { readonly model: PageModel }) {
  const uploads = model.uploads.list.value;
  const hidden = uploads.length - MAX_ROWS;
  return (
    <div class={uploads.length === 0 ? 'uploads' : 'uploads card'}>
      {uploads.length > 1 ? <Total uploads={uploads} /> : null}
      <ul class="list" aria-label="Files being stored">
        {/* They are begun in their order: those that run or have failed are before those that wait. */}
        {uploads.slice(0, MAX_ROWS).map((upload) => (
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
  const left = uploads.filter((upload) => !upload.isOver);
  return (
    <p class="total">
      {formatCount(left.length, 'file')} to go, {formatBytes(left.reduce((sum, upload) => sum + bytesLeft(upload), 0))}
    </p>
  );
}

/** Watches those that run alone: of a thousand that wait each would be one more to keep track of. */
function bytesLeft({ bytes, state }: Upload): number {
  if (state.peek().phase !== 'running') return bytes;
  const { value } = state;
  return value.phase === 'running' ? bytes - value.doneBytes : bytes;
}
