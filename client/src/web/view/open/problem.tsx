// Why the file that is open is not here: it could not be fetched or saved, or its user did not want it any more; and what to do.

import type { Download } from '../../model/downloads.ts';
import type { PageModel } from '../../model/page-model.ts';
import { openProblem } from '../../text/open-text.ts';
import { isAlone } from '../../text/status-text.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import { transferWords } from '../../text/words/en/transfer.ts';
import type { PlaceProps } from '../places.tsx';
import { openAnother } from './open-another.ts';

/** Of the file that is open, if it has failed or was cancelled. */
export function OpenedProblem({ model }: PlaceProps) {
  const opened = model.downloads.before;
  const state = opened?.transfer.state.value;
  if (opened === undefined) return null;
  if (state?.phase === 'cancelled')
    return (
      <>
        <p class="course">{openMoreWords().cancelled}</p>
        <Next download={opened} model={model} helps="again" />
      </>
    );
  if (state?.phase !== 'failed') return null;
  const { title, seen, advice, exactly, helps } = openProblem(state, {
    source: opened.source,
    origin: location.origin,
    isAlone: isAlone(model.inspection.value),
  });
  return (
    <>
      <div class="problem failed" role="alert">
        <p>
          <strong>{title}.</strong> {seen === '' ? advice : `${seen} ${advice}`}
        </p>
        {exactly === undefined ? null : (
          <details>
            <summary>{openMoreWords().whatExactly}</summary>
            <p class="detail">{exactly}</p>
          </details>
        )}
      </div>
      <Next download={opened} model={model} helps={helps} />
    </>
  );
}

interface NextProps {
  readonly download: Download;
  readonly model: PageModel;
  readonly helps: ReturnType<typeof openProblem>['helps'];
}

function Next({ download, model, helps }: NextProps) {
  const words = openMoreWords();
  return (
    <div class="actions main-actions">
      {helps === 'again' ? (
        <button type="button" class="main" onClick={() => void model.downloads.fetch(download.source)}>
          {transferWords().tryAgain}
        </button>
      ) : null}
      {helps === 'reload' ? (
        <button type="button" class="main" onClick={() => location.reload()}>
          {words.reload}
        </button>
      ) : null}
      <button type="button" class={helps === 'another' ? 'main' : 'quiet'} onClick={() => openAnother(model, download)}>
        {words.openAnother}
      </button>
    </div>
  );
}
