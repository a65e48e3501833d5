// The files shared from this tab, the latest first: as many at a time as a person looks at.

import { isOwnMachine } from '../../text/own-machine.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { transferWords } from '../../text/words/en/transfer.ts';
import { CopyButton } from '../copy-button.tsx';
import type { PlaceProps } from '../places.tsx';
import { OwnFileCard } from './own-file.tsx';

/** Drawn at first, and more at each press. */
const PAGE_FILES = 30;

export function OwnFiles({ model }: PlaceProps) {
  const words = ownWords();
  const { own } = model.listing.value;
  if (own.length === 0) return null;
  const { ownShown } = model.drafts;
  const shown = Math.max(PAGE_FILES, ownShown.value);
  const latest = own.toSorted((a, b) => b.storedAt - a.storedAt);
  const hidden = own.length - shown;
  return (
    <section class="own" aria-labelledby="own-title">
      <h2 id="own-title">
        {words.title} <span class="detail">{transferWords().files(own.length)}</span>
      </h2>
      {own.length > 1 ? (
        <p class="actions">
          <CopyButton
            text={() => latest.map(({ name, link }) => `${name}\n${link}`).join('\n')}
            label={words.copyAllLinks}
          />
        </p>
      ) : null}
      {isOwnMachine(location.host) ? <p class="detail">{words.linksOwnMachine}</p> : null}
      <ul class="cards" id="own-files" aria-label={words.listLabel}>
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
          {words.showMore(hidden)}
        </button>
      ) : null}
    </section>
  );
}
