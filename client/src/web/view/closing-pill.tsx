// Whether this tab may be closed; after it has left, what it took with it.

import { closingText } from '../text/closing-text.ts';
import type { PlaceProps } from './places.tsx';

const COLOURS = { safe: 'good', thin: 'wait', lossy: 'bad' } as const;

export function ClosingPill({ model }: PlaceProps) {
  const { held, files, status } = model.inspection.value;
  if (status === 'joining' || (held.objects === 0 && files.length === 0)) return null;
  const closing = model.closing.value;
  if (!closing.known && closing.lost.files.length + closing.atRisk.files.length === 0) return null;
  const { kind, text } = closingText(closing, status === 'left');
  return (
    <p class={`pill pill-${COLOURS[kind]}`} id="closing" data-closing={kind} role="status">
      {text}
    </p>
  );
}
