// How this tab stands with the server. Nothing while all is well: who needs it only to meet others need not hear of it.

import { serverText } from '../text/discovery-text.ts';
import { hasStopped } from '../text/refusal-text.ts';
import type { PlaceProps } from './places.tsx';

export function DiscoveryPill({ model }: PlaceProps) {
  const standing = model.discovery.value;
  const { state } = standing;
  const hasLeft = model.inspection.value.status === 'left';
  // Who leaves also unregisters, without further news.
  if (state === 'registered' || (hasLeft && !hasStopped(state))) return null;
  return (
    <p class="pill pill-wait" id="discovery" data-state={state} role="status">
      {serverText(standing)}
    </p>
  );
}
