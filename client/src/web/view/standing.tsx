// How this tab stands, in a few words each: in the ring, with the server, and whether it may be closed.

import type { PageModel } from '../model/page-model.ts';
import { serverText } from '../text/discovery-text.ts';
import { hasStopped } from '../text/refusal-text.ts';
import { isAlone, obstacleText, statusText } from '../text/status-text.ts';
import { PartView } from './places.tsx';

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
      <PartView model={model} part="closing" />
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
