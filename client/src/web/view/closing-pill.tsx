// Whether this tab may be closed; after it has left, what it took with it. Of a tab that has nothing yet there is nothing to say.

import { closingText } from '../text/closing-text.ts';
import type { PlaceProps } from './places.tsx';

/** Colours of the three kinds of news. */
const PILL_OF_CLOSING = { safe: 'good', thin: 'wait', lossy: 'bad' } as const;

export function ClosingPill({ model }: PlaceProps) {
  const { held, files, status } = model.inspection.value;
  const isStoring = model.uploads.list.value.some((upload) => !upload.isOver);
  if (isStoring) {
    return (
      <p class="pill pill-wait" id="closing" data-closing="storing">
        Do not close yet: files are on their way
      </p>
    );
  }
  if (status === 'joining' || (held.objects === 0 && files.length === 0)) return null;
  const { kind, text } = closingText(model.closing.value, status === 'left');
  return (
    <p class={`pill pill-${PILL_OF_CLOSING[kind]}`} id="closing" data-closing={kind} role="status">
      {text}
    </p>
  );
}
