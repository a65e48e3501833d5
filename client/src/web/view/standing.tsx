// How this tab stands, in a few words each: in the ring, with the server, and whether it may be closed.

import type { PageModel } from '../model/page-model.ts';
import { closingText } from '../text/closing-text.ts';
import { serverText } from '../text/discovery-text.ts';
import { hasStopped } from '../text/refusal-text.ts';
import { isAlone, obstacleText, statusText } from '../text/status-text.ts';

/** Colours of the three kinds of news. */
const PILL_OF_CLOSING = { safe: 'good', thin: 'wait', lossy: 'bad' } as const;

export function Standing({ model }: { readonly model: PageModel }) {
  const inspection = model.inspection.value;
  const { status } = inspection;
  const obstacle = obstacleText(inspection);
  const colour = obstacle !== undefined ? 'bad' : status === 'active' && !isAlone(inspection) ? 'good' : 'wait';
  return (
    <>
      <p class={`pill pill-${colour}`} id="status" data-status={status} role="status">
        {statusText(inspection)}
        {obstacle === undefined ? null : <span class="pill-reason"> {obstacle}</span>}
      </p>
      <DiscoveryPill model={model} />
      <ClosingPill model={model} />
    </>
  );
}

/** Nothing while all is well: who needs the server only to meet others need not hear of it. */
function DiscoveryPill({ model }: { readonly model: PageModel }) {
  const { state, message } = model.discovery.value;
  const hasLeft = model.inspection.value.status === 'left';
  // Who leaves also unregisters, without further news.
  if (state === 'registered' || (hasLeft && !hasStopped(state))) return null;
  return (
    <p class="pill pill-wait" id="discovery" data-state={state} role="status">
      {serverText(state, message)}
    </p>
  );
}

/** Whether this tab may be closed; after it has left, what it took with it. */
function ClosingPill({ model }: { readonly model: PageModel }) {
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
