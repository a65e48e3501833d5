// What came of the last deletion.

import { useEffect, useRef } from 'preact/hooks';
import { ownFileActionsOf } from '../../model/own-file-actions.ts';
import { removedText } from '../../text/safety-text.ts';
import type { PlaceProps } from '../places.tsx';

export function DeletedView({ model }: PlaceProps) {
  const told = ownFileActionsOf(model).told.value;
  const line = useRef<HTMLParagraphElement>(null);
  // The question is gone, and with it what had the focus.
  useEffect(() => {
    if (told !== undefined && document.activeElement === document.body) line.current?.focus();
  }, [told]);
  return (
    <p class="detail" role="status" id="deleted" tabIndex={-1} ref={line}>
      {told === undefined ? '' : removedText(told)}
    </p>
  );
}
