// What listens to a peer for parts of the page that are loaded later, as one module: console, event log, recording of the ring;
// and what looks at it again and again.

import { EventLog } from './event-log.ts';
import { type ConsoleSurroundings, PageConsole } from './page-console.ts';
import type { PageModel, PastEvent } from './page-model.ts';
import type { RingRecording } from './ring-recording.ts';
import { watchRing } from './ring-watch.ts';

/** Who else has what is held here for others changes without an event: so often it is looked at what closing would cost. */
const CLOSING_LOOK_MS = 5_000;

export interface Behind {
  readonly log: EventLog;
  readonly console: PageConsole;
  readonly recording: RingRecording;
}

interface BehindSurroundings extends ConsoleSurroundings {
  now(): number;
  today(): Date;
}

/** `past`: what the peer told before there was any of them, the first first. */
export function behindOf(model: PageModel, surroundings: BehindSurroundings, past: readonly PastEvent[]): Behind {
  const { peer, uploads } = model;
  const log = new EventLog();
  for (const { event, at } of past) log.add(event, peer.nodeId, at);
  keepClosingTrue(model, surroundings);
  const events = past.map(({ event }) => event);
  return {
    log,
    console: new PageConsole(peer, uploads, surroundings, events),
    recording: watchRing(
      model,
      past,
      () => surroundings.now(),
      () => surroundings.today(),
    ),
  };
}

/** Until the tab has left. */
function keepClosingTrue(model: PageModel, surroundings: BehindSurroundings): void {
  surroundings.later(() => {
    if (model.peer.status === 'left') return;
    model.lookAtClosing();
    keepClosingTrue(model, surroundings);
  }, CLOSING_LOOK_MS);
}
