// Records a running peer for the picture of the ring, from before that is opened.

import { ringFacts } from '../text/ring/facts.ts';
import type { PageModel, PastEvent } from './page-model.ts';
import { RingRecording } from './ring-recording.ts';

/** `past`: what the peer told before. `now`, `today`: both clocks of the page. */
export function watchRing(
  model: PageModel,
  past: readonly PastEvent[],
  now: () => number,
  today: () => Date,
): RingRecording {
  const recording = new RingRecording(now);
  const behind = now() - today().getTime();
  for (const { event, at } of past) recording.add(event, at.getTime() + behind);
  model.peer.subscribe((event) => recording.add(event));
  model.inspection.subscribe((inspection) => {
    recording.look(ringFacts(inspection, model.listing.peek(), recording.facts));
  });
  return recording;
}
