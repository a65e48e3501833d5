// The files on their way into the ring: of many at once the first, and how much there is to go.

import type { PageModel } from '../../model/page-model.ts';
import type { Upload } from '../../model/uploads.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { TransferRow } from '../transfer-row.tsx';

/** Rows; more of them that move say less. */
const MAX_ROWS = 5;

export function UploadsView({ model }: { readonly model: PageModel }) {
  const words = ownWords();
  const uploads = model.uploads.list.value;
  const told = model.uploads.told.value;
  const hidden = uploads.length - MAX_ROWS;
  return (
    <div class={uploads.length === 0 ? 'uploads' : 'uploads card'}>
      {uploads.length > 1 ? <Total uploads={uploads} onCancel={() => model.uploads.cancelAll()} /> : null}
      <ul class="list" aria-label={words.uploadsLabel}>
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
        {told === undefined ? '' : words.isShared(told)}
      </p>
      {hidden > 0 ? <p class="detail">{words.moreFiles(hidden)}</p> : null}
    </div>
  );
}

function Total({ uploads, onCancel }: { readonly uploads: readonly Upload[]; readonly onCancel: () => void }) {
  const words = ownWords();
  const left = uploads.filter((upload) => !upload.isOver);
  const bytes = left.reduce((sum, upload) => sum + bytesLeft(upload), 0);
  return (
    <div class="total">
      <p>{words.toGo(left.length, bytes)}</p>
      {left.length > 1 ? (
        <button type="button" class="small quiet" onClick={onCancel}>
          {words.cancelAll}
        </button>
      ) : null}
    </div>
  );
}

/** Watches those that run alone: of a thousand that wait each would be one more to keep track of. */
function bytesLeft({ bytes, state }: Upload): number {
  if (state.peek().phase !== 'running') return bytes;
  const { value } = state;
  return value.phase === 'running' ? bytes - value.doneBytes : bytes;
}
