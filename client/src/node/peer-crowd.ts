// The peers of one process, as many as are wanted: they join, leave, and are looked at together. For tests of scale.

import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../core/pastry/id.ts';
import type { LookupResult, PeerInspection } from '../peer/api.ts';
import { connect } from './commands/client.ts';
import { type CommandContext, CommandError } from './commands/context.ts';
import type { NodePeer } from './compose.ts';
import { freeUdpPort } from './free-udp-port.ts';
import { wrongLeafSets } from './leaf-sets.ts';

/** How a peer goes: handing over and with a goodbye to all, or as a closed tab does, with the goodbye only. */
export type Parting = 'leave' | 'goodbye';

/** What a crowd costs, and has done so far. */
export interface CrowdMeasure {
  readonly peers: number;
  /** Ends of open links. */
  readonly openLinks: number;
  /** The most links that one peer had open since the last measure. */
  readonly peakLinks: number;
  /** Of the process, after a garbage collection if Node was started with --expose-gc. */
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Since the process started. */
  readonly cpuSeconds: number;
  /** Open files and threads, 0 where the system does not tell. */
  readonly files: number;
  readonly threads: number;
  /** Sums over the peers that are there now. */
  readonly counters: Readonly<Record<string, number>>;
  /** The same of all peers that there have been since the process started. */
  readonly everCounters: Readonly<Record<string, number>>;
}

const CHECK_MS = 50;

export class PeerCrowd {
  readonly #context: CommandContext;
  readonly #limitMs: number;
  readonly #nodeById = new Map<NodeId, NodePeer>();
  readonly #linkedById = new Map<NodeId, Set<NodeId>>();
  /** Of the peers that have gone. */
  readonly #goneCounters: Record<string, number> = {};
  #peakLinks = 0;

  /** `limitMs`: how long a peer may take to become active. */
  constructor(context: CommandContext, limitMs: number) {
    this.#context = context;
    this.#limitMs = limitMs;
  }

  get size(): number {
    return this.#nodeById.size;
  }

  /** Resolves when the new peer is active. Rejects with a CommandError. */
  async join(): Promise<NodeId> {
    const node = await connect(this.#context, { udpPort: await freeUdpPort() });
    const { peer } = node;
    this.#nodeById.set(peer.nodeId, node);
    this.#countLinks(node);
    await peer.start();
    const end = performance.now() + this.#limitMs;
    while (peer.status !== 'active') {
      if (performance.now() > end || peer.status === 'left' || this.#context.signal.aborted) {
        const { linkFailures, links } = peer.inspect();
        await this.part(peer.nodeId, 'goodbye');
        throw new CommandError(
          `${peer.nodeId} is not active after ${this.#limitMs / 1000} s: ${JSON.stringify({ linkFailures, links })}`,
        );
      }
      await delay(CHECK_MS);
    }
    return peer.nodeId;
  }

  /** Joins until there are `wanted` peers, `atOnce` at a time. The first one founds the ring, if there is none. */
  async grow(wanted: number, atOnce: number): Promise<void> {
    await this.join();
    let begun = 1;
    const joinOthers = async (): Promise<void> => {
      while (begun < wanted) {
        begun += 1;
        await this.join();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, joinOthers));
  }

  /** Resolves when the peer has gone. */
  async part(nodeId: NodeId, parting: Parting): Promise<void> {
    const node = this.#node(nodeId);
    this.#nodeById.delete(nodeId);
    await node[parting]();
    addCounters(this.#goneCounters, node.peer.counters);
    this.#linkedById.delete(nodeId);
  }

  /** All at once, with no more than a goodbye. */
  async goodbye(): Promise<void> {
    await Promise.all([...this.#nodeById.keys()].map((nodeId) => this.part(nodeId, 'goodbye')));
  }

  lookup(from: NodeId, key: string): Promise<LookupResult> {
    return this.#node(from).peer.lookup(key);
  }

  inspections(): readonly PeerInspection[] {
    return this.#nodes().map(({ peer }) => peer.inspect());
  }

  /** How many leaf sets are wrong, as far as these peers can tell. */
  wrongLeafSets(): number {
    return wrongLeafSets(this.inspections()).length;
  }

  measure(): CrowdMeasure {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const peakLinks = this.#peakLinks;
    const linked = [...this.#linkedById.values()].map(({ size }) => size);
    this.#peakLinks = Math.max(0, ...linked);
    return {
      peers: this.size,
      openLinks: linked.reduce((sum, size) => sum + size, 0),
      peakLinks,
      rssBytes: rss,
      heapBytes: heapUsed,
      cpuSeconds: (user + system) / 1e6,
      files: entriesOf('/proc/self/fd'),
      threads: entriesOf('/proc/self/task'),
      counters: this.#counters({}),
      everCounters: this.#counters({ ...this.#goneCounters }),
    };
  }

  /** What the peers that are there have counted, on top of `sums`. */
  #counters(sums: Record<string, number>): Readonly<Record<string, number>> {
    for (const { peer } of this.#nodes()) addCounters(sums, peer.counters);
    return sums;
  }

  #countLinks({ peer }: NodePeer): void {
    const linked = new Set<NodeId>();
    this.#linkedById.set(peer.nodeId, linked);
    peer.subscribe((event) => {
      if (event.type !== 'link') return;
      if (event.state === 'up') linked.add(event.nodeId);
      else linked.delete(event.nodeId);
      this.#peakLinks = Math.max(this.#peakLinks, linked.size);
    });
  }

  #nodes(): readonly NodePeer[] {
    return [...this.#nodeById.values()];
  }

  #node(nodeId: NodeId): NodePeer {
    const node = this.#nodeById.get(nodeId);
    if (node === undefined) throw new CommandError(`${nodeId} is none of the peers here`);
    return node;
  }
}

function addCounters(sums: Record<string, number>, counters: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + count;
}

function entriesOf(directory: string): number {
  try {
    return readdirSync(directory).length;
  } catch {
    return 0; // only Linux tells
  }
}
