// What there is to tell of links and of the nodes at their other ends: remembered, and told to whoever listens.

import type { NodeId } from '../core/pastry/id.ts';
import type { PeerEvent } from './api.ts';
import { LinkFailures } from './link-failures.ts';
import { Misdeeds } from './misdeeds.ts';

export class LinkNews {
  readonly failures = new LinkFailures();
  readonly misdeeds = new Misdeeds();
  readonly #publish: (event: PeerEvent) => void;
  readonly #calendar: () => number;

  /** `calendar`: milliseconds since 1970. */
  constructor(publish: (event: PeerEvent) => void, calendar: () => number) {
    this.#publish = publish;
    this.#calendar = calendar;
  }

  changed(nodeId: NodeId, state: 'up' | 'down' | 'failed', message: string): void {
    if (state === 'up') this.failures.opened(nodeId);
    this.#publish({ type: 'link', nodeId, state, message });
  }

  misbehaved(nodeId: NodeId, what: string): void {
    const told = this.misdeeds.note(nodeId, what, this.#calendar());
    if (told !== undefined) this.#publish({ type: 'misdeed', nodeId, what, count: told.count });
  }
}
