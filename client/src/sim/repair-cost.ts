// How many messages a mass failure costs, told from the traffic that goes on anyway. Until the leaf sets are right,
// whatever exceeds the rate of before; after that, what only failures cause: questions to the dead and repair of cells,
// and exchanges of rows above the rate of before.

import type { Input } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { difference, isLookup, type Traffic } from './metrics.ts';
import type { NetworkListener } from './network.ts';

type Snapshot = ReadonlyMap<string, Traffic>;

interface Mark {
  readonly at: number;
  readonly traffic: Snapshot;
}

export class RepairCost implements NetworkListener {
  readonly #cluster: Cluster;
  #messagesToDead = 0;
  #before: Mark;
  #failed: Mark;
  #leafSetsRight: Mark | undefined;
  #nodesBefore = 0;

  /** Starts to measure the rate of before. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#before = this.#mark();
    this.#failed = this.#before;
    cluster.network.listen(this);
  }

  /** The failures happen now; the rate of before is known. */
  failuresBegin(): void {
    this.#nodesBefore = this.#cluster.hosts.size;
    this.#failed = this.#mark();
    this.#messagesToDead = 0;
  }

  leafSetsAreRight(): void {
    this.#leafSetsRight = this.#mark();
    this.#messagesToDead = 0;
  }

  /** Messages that the failures have cost until now, by kind; "to the dead" once the leaf sets are right. */
  byKind(): Readonly<Record<string, number>> {
    const now = this.#mark();
    const middle = this.#leafSetsRight ?? now;
    const cost: Record<string, number> = {};
    const add = (kind: string, messages: number): void => {
      if (messages > 0) cost[kind] = (cost[kind] ?? 0) + messages;
    };
    for (const kind of middle.traffic.keys()) if (isControl(kind)) add(kind, this.#excess(this.#failed, middle, kind));
    if (middle === now) return cost;
    const late = difference(now.traffic, middle.traffic);
    for (const kind of ['cells', 'entries']) add(kind, late.get(kind)?.messages ?? 0);
    add('row', this.#excess(middle, now, 'row'));
    add('to the dead', this.#messagesToDead);
    return cost;
  }

  sent(_host: Host, to: NodeId, message: Message, _bytes: number, _cause: Input): void {
    // Rows are counted as a whole; lookups are not the repair's.
    if (message.type === 'row' || message.type === 'routed' || message.type === 'reply') return;
    if (this.#cluster.network.hostOf(to) === undefined) this.#messagesToDead += 1;
  }

  #excess(from: Mark, to: Mark, kind: string): number {
    const baseline = difference(this.#failed.traffic, this.#before.traffic).get(kind)?.messages ?? 0;
    const rate = baseline / (this.#failed.at - this.#before.at) / this.#nodesBefore;
    const expected = rate * (to.at - from.at) * this.#cluster.hosts.size;
    return (difference(to.traffic, from.traffic).get(kind)?.messages ?? 0) - expected;
  }

  #mark(): Mark {
    return { at: this.#cluster.schedule.now, traffic: this.#cluster.metrics.snapshot() };
  }
}

function isControl(kind: string): boolean {
  return !isLookup(kind) && kind !== 'ack-of-lookup';
}
