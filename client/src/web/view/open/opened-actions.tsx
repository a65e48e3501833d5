// What else can be done with the file that is open: its link handed on, which the address bar does not show whole, or the file closed.

import { wholeLink } from '../../text/whole-link.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import { ownWords } from '../../text/words/en/own.ts';
import { CopyButton } from '../copy-button.tsx';
import type { PlaceProps } from '../places.tsx';
import { SendButton } from '../send-button.tsx';
import { openAnother } from './open-another.ts';

/** Of the file that is open, if it is known what it is. */
export function OpenedActions({ model }: PlaceProps) {
  const download = model.downloads.before;
  const name = download?.head.value?.name;
  if (download === undefined || name === undefined) return null;
  const link = wholeLink(download.source, location.href);
  const { close, closeFile, leaveOpen } = openMoreWords();
  return (
    <>
      <div class="actions">
        <CopyButton text={link} label={ownWords().copyLink} of={name} />
        <SendButton name={name} link={link} />
        <button
          type="button"
          class="small quiet"
          aria-label={closeFile(name)}
          onClick={() => openAnother(model, download)}
        >
          {close}
        </button>
      </div>
      {/* Who has left helps nobody. */}
      {model.inspection.value.status === 'left' ? null : <p class="detail">{leaveOpen}</p>}
    </>
  );
}
