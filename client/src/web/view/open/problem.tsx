// Why the file that is open could not be fetched or saved, and what to do.

import { errorText } from '../../text/error-text.ts';
import { openProblem } from '../../text/open-text.ts';
import { isAlone } from '../../text/status-text.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import type { PlaceProps } from '../places.tsx';

/** Of the file that is open, if it has failed. */
export function OpenedProblem({ model }: PlaceProps) {
  const opened = model.downloads.before;
  const state = opened?.transfer.state.value;
  if (opened === undefined || state?.phase !== 'failed') return null;
  const { title, advice } = openProblem(state.code, {
    source: opened.source,
    origin: location.origin,
    isAlone: isAlone(model.inspection.value),
  });
  return (
    <div class="problem failed" role="alert">
      <p>
        <strong>{title}.</strong> {advice}
      </p>
      <details>
        <summary>{openMoreWords().whatExactly}</summary>
        <p class="detail">{errorText(state.error)}</p>
      </details>
    </div>
  );
}
