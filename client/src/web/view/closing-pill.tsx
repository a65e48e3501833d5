// Whether this tab may be closed; after it has left, what it took with it.

import { closingText } from '../text/closing-text.ts';
import type { PlaceProps } from './places.tsx';

const COLOURS = { safe: 'good', thin: 'wait', busy: 'wait', unknown: 'quiet', lossy: 'bad' } as const;

export function ClosingPill({ model }: PlaceProps) {
  const { status } = model.inspection.value;
  if (status === 'joining') return null;
  const { kind, text } = closingText(model.closing.value, status === 'left', model.areUnderWay);
  return (
    <p class={`pill pill-${COLOURS[kind]}`} id="closing" data-closing={kind} role="status">
      {text}
    </p>
  );
}
