// How this tab stands, in a few words each: in the ring, with the server, and whether it may be closed.

import type { PageModel } from '../model/page-model.ts';
import { isAlone, obstacleText, statusText } from '../text/status-text.ts';
import { frameWords } from '../text/words/en/frame.ts';
import { PartView } from './places.tsx';

export function Standing({ model }: { readonly model: PageModel }) {
  const inspection = model.inspection.value;
  const { status } = inspection;
  const obstacle = obstacleText(inspection);
  const colour = obstacle !== undefined ? 'bad' : status === 'active' && !isAlone(inspection) ? 'good' : 'wait';
  const isStoring = model.uploads.list.value.some((upload) => !upload.isOver);
  return (
    <>
      <p class={`pill pill-${colour}`} id="status" data-status={status} role="status">
        {statusText(inspection)}
        {obstacle === undefined ? null : <span class="pill-reason"> {obstacle}</span>}
      </p>
      <PartView model={model} part="discovery" />
      {isStoring ? (
        <p class="pill pill-wait" id="closing" data-closing="storing">
          {frameWords().storing}
        </p>
      ) : (
        <PartView model={model} part="closing" />
      )}
    </>
  );
}
