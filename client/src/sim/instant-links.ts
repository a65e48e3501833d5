// Links as the papers assume them: none. Every node can send a datagram to any other at once; a node that is gone is
// noticed only by its silence. No state for a link, so that 100,000 nodes fit.

import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Conditions } from './conditions.ts';
import type { Host } from './host.ts';
import type { LinkModel, Network } from './network.ts';

export class InstantLinks implements LinkModel {
  readonly #network: Network;
  readonly #conditions: Conditions;

  constructor(network: Network, conditions: Conditions) {
    this.#network = network;
    this.#conditions = conditions;
  }

  connect(host: Host, peer: NodeId): void {
    const isLinkable = this.#conditions.canLink(host.nodeId, peer);
    const target = this.#network.hostOf(peer);
    if (target !== undefined) this.#network.introduce(host, target);
    // Only after the outputs that stand behind this one, as with any real link.
    this.#network.inFlight += 1;
    this.#network.schedule.after(0, () => {
      this.#network.inFlight -= 1;
      this.#network.deliver(
        host,
        isLinkable ? { type: 'link-up', peer } : { type: 'link-failed', peer, reason: 'unreachable' },
      );
      if (target !== undefined && !isLinkable) {
        this.#network.deliver(target, { type: 'no-path', peer: host.nodeId });
      }
    });
  }

  disconnect(): void {
    // There is nothing to close.
  }

  send(host: Host, to: NodeId, message: Message): void {
    const target = this.#network.hostOf(to);
    if (target === undefined || !this.isOpen(host, to)) return;
    const travelMs = this.#conditions.travelMs(host, target);
    if (travelMs === undefined) return;
    this.#network.inFlight += 1;
    this.#network.schedule.after(travelMs, () => {
      this.#network.inFlight -= 1;
      this.#network.arrive(target, host, message);
    });
  }

  isOpen(host: Host, peer: NodeId): boolean {
    return !this.#conditions.isCut(host.nodeId, peer) && this.#conditions.canLink(host.nodeId, peer);
  }

  wentDown(): void {
    // Silence is all that others notice.
  }

  froze(): void {
    // As above.
  }

  conditionsChanged(): void {
    // Asked anew for every message.
  }
}
