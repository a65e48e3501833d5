// Keeps the oracle in step with what nodes do: which ids are live and active, in the whole network and in each part of
// a partitioned one. A frozen node is not live: it delivers nothing, and others may have to take its place.

import type { Input, Output } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Conditions } from './conditions.ts';
import type { Host } from './host.ts';
import type { Network, NetworkListener } from './network.ts';
import { Oracle } from './oracle.ts';

export class Truth implements NetworkListener {
  /** All live, active nodes. */
  readonly ring = new Oracle();
  readonly #network: Network;
  readonly #conditions: Conditions;
  readonly #ringByGroup = new Map<number, Oracle>();

  constructor(network: Network, conditions: Conditions) {
    this.#network = network;
    this.#conditions = conditions;
  }

  /** The live, active nodes that can hear `id`, itself included. */
  ringAround(id: NodeId): Oracle {
    return this.#conditions.isPartitioned ? this.#groupRing(this.#conditions.groupOf(id)) : this.ring;
  }

  /** A partition began or ended. */
  regroup(): void {
    this.#ringByGroup.clear();
    if (!this.#conditions.isPartitioned) return;
    for (const id of this.ring.ids) this.#groupRing(this.#conditions.groupOf(id)).add(id);
  }

  handled(host: Host, _input: Input, outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type !== 'status') continue;
      // The network sets host.status only when it carries the output out.
      if (output.status === 'active') this.#add(host.nodeId);
      else this.#remove(host);
    }
  }

  stateChanged(host: Host): void {
    if (host.canDeliver) this.#add(host.nodeId);
    else this.#remove(host);
  }

  #add(id: NodeId): void {
    this.ring.add(id);
    if (this.#conditions.isPartitioned) this.#groupRing(this.#conditions.groupOf(id)).add(id);
  }

  #remove(host: Host): void {
    // The id may have a second life already.
    const successor = this.#network.hostOf(host.nodeId);
    if (successor !== undefined && successor !== host && successor.canDeliver) return;
    this.ring.remove(host.nodeId);
    for (const ring of this.#ringByGroup.values()) ring.remove(host.nodeId);
  }

  #groupRing(group: number): Oracle {
    const ring = this.#ringByGroup.get(group) ?? new Oracle();
    this.#ringByGroup.set(group, ring);
    return ring;
  }
}
