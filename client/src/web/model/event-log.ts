// The event log: the last few hundred sentences about what happened, newest first.

import type { NodeId } from '../../core/pastry/id.ts';
import type { PeerEvent } from '../../peer/api.ts';
import { type LogText, peerEventText } from '../text/event-text.ts';

export interface LogLine extends LogText {
  /** Counts up; names the line. */
  readonly number: number;
  readonly at: Date;
}

/** More lines than a person reads back; keeps a busy tab's page small. */
const MAX_LINES = 300;

export class EventLog {
  #lines: LogLine[] = [];
  #count = 0;

  /** What a peer told; `self`: its id. */
  add(event: PeerEvent, self: NodeId, at: Date): void {
    const topic = peerEventText(event, self)?.topic;
    if (topic === undefined) return;
    this.#count += 1;
    this.#lines.unshift({
      ...{ number: this.#count, at, topic },
      // In the language of whoever reads it.
      get text() {
        return peerEventText(event, self)?.text ?? '';
      },
    });
    if (this.#lines.length > MAX_LINES) this.#lines.length = MAX_LINES;
  }

  /** A copy, newest first. */
  snapshot(): readonly LogLine[] {
    return [...this.#lines];
  }
}
