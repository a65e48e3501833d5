// What came of the last deletion.

import { ownFileActionsOf } from '../../model/own-file-actions.ts';
import { removedText } from '../../text/safety-text.ts';
import type { PlaceProps } from '../places.tsx';

export function DeletedView({ model }: PlaceProps) {
  const told = ownFileActionsOf(model).told.value;
  return (
    <p class="detail" role="status" id="deleted">
      {told === undefined ? '' : removedText(told)}
    </p>
  );
}
