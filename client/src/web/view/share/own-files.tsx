// The files shared from this tab, the latest first: as many at a time as a person looks at.

import { formatCount } from '../../text/format.ts';
import type { PlaceProps } from '../places.tsx';
import { OwnFileCard } from './own-file.tsx';

/** Drawn at first, and more at each press. */
const PAGE_FILES = 30;

export function OwnFiles({ model }: PlaceProps) {
  const { own } = model.listing.value;
  if (own.length === 0) return null;
  const { ownShown } = model.drafts;
  const shown = Math.max(PAGE_FILES, ownShown.value);
  const latest = own.toSorted((a, b) => b.storedAt - a.storedAt);
  const hidden = own.length - shown;
  return (
    <section class="own" aria-labelledby="own-title">
      <h2 id="own-title">
        Shared by you <span class="detail">{formatCount(own.length, 'file')}</span>
      </h2>
      <ul class="cards" id="own-files" aria-label="Files stored from this tab">
        {latest.slice(0, shown).map((file) => (
          <OwnFileCard key={file.fileId} file={file} model={model} />
        ))}
      </ul>
      {hidden > 0 ? (
        <button
          type="button"
          class="quiet wide"
          onClick={() => {
            ownShown.value = shown + PAGE_FILES;
          }}
        >
          Show more ({hidden} left)
        </button>
      ) : null}
    </section>
  );
}
