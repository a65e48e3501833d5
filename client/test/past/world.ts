// A ring of storage layers without Pastry: every node knows who is alive (after a while), messages travel through one
// queue under virtual time, and pulls are answered by disks in memory. Deterministic; nothing in it is random.

import type { Output } from '../../src/core/io.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import { type Id, isId, type NodeId, ringDistance } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../../src/core/pastry/params.ts';
import { FakeNode } from './fake-node.ts';

export const MESSAGE_MS = 10;
export const ROUTE_MS = 25;
export const PULL_MS = 40;
const JOIN_SEEN_MS = 50;
const DEATH_SEEN_MS = 1_000;

interface Event {
  readonly at: number;
  readonly run: () => void;
}

export class World {
  now = 0;
  /** Which messages get lost on the way. */
  loses: (to: NodeId, message: PastMessage) => boolean = () => false;
  /** Digests of blocks whose bytes are no name record. */
  readonly malformed = new Set<string>();
  /** Pairs that no link joins, both ways. */
  readonly apart = new Set<string>();
  /** True if nodes have tried links to those and seen them fail. */
  linksKnownToFail = false;
  readonly params: RingParams;
  readonly nodes = new Map<NodeId, FakeNode>();
  readonly #events: Event[] = [];
  #epochs = 0;

  constructor(params: Partial<RingParams> = {}) {
    this.params = { ...DEFAULT_RING_PARAMS, digits: 4, ...params };
  }

  /** A node comes up, with what is on its disk; the others see it soon after. */
  join(name: string, options: { readonly device?: string; readonly disk?: FakeNode['disk'] } = {}): FakeNode {
    this.#epochs += 1;
    const nodeId = id(name);
    const device = options.device ?? `device of ${name}`;
    const node = new FakeNode(this, nodeId, this.#epochs, device, options.disk ?? new Map());
    this.nodes.set(nodeId, node);
    node.knowAlive(this.nodes.values());
    node.start();
    this.later(JOIN_SEEN_MS, () => this.#tellAll(node, true));
    return node;
  }

  joinAll(names: readonly string[]): FakeNode[] {
    return names.map((name) => this.join(name));
  }

  /** Dies without a word; the others notice after a second. */
  kill(node: FakeNode): void {
    node.die();
    this.nodes.delete(node.nodeId);
    this.later(DEATH_SEEN_MS, () => this.#tellAll(node, false));
  }

  /** Hands over and goes; the others hear it at once. */
  leave(node: FakeNode): void {
    node.past.leaving(() => {
      node.die();
      this.nodes.delete(node.nodeId);
      this.later(MESSAGE_MS, () => this.#tellAll(node, false));
    });
  }

  /** Dies and comes back at once with its disk, before anybody has noticed. */
  reload(node: FakeNode): FakeNode {
    node.die();
    return this.join(node.nodeId, { device: node.self.device, disk: node.disk });
  }

  later(delayMs: number, run: () => void): void {
    this.#events.push({ at: this.now + delayMs, run });
  }

  /** Lets `ms` of virtual time pass. */
  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const event = this.#nextEvent();
      const timer = this.#nextTimer();
      const at = Math.min(event?.at ?? Infinity, timer?.timers.earliest ?? Infinity);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (event !== undefined && event.at === at) {
        this.#events.splice(this.#events.indexOf(event), 1);
        event.run();
      } else {
        timer?.timers.fireDue(this.now);
      }
    }
    this.now = end;
  }

  /** Ids of live nodes that have the block on disk, ascending. */
  holders(block: BlockRef): NodeId[] {
    return [...this.nodes.values()]
      .filter((node) => node.disk.has(block.digest))
      .map((node) => node.nodeId)
      .sort();
  }

  /** The replica set as a dumb function of all live nodes: sort, then one for each device, then the rest; ascending. */
  expectedHolders(block: BlockRef): NodeId[] {
    const k = Math.min(this.params.replicas, this.params.leafSetSize / 2 + 1);
    return closestOnDistinctDevices(
      block.key,
      [...this.nodes.values()].map((node) => node.self),
      k,
    ).sort();
  }

  rootOf(key: Id): FakeNode | undefined {
    const [root] = closestOnDistinctDevices(
      key,
      [...this.nodes.values()].map((node) => node.self),
      1,
    );
    return root === undefined ? undefined : this.nodes.get(root);
  }

  keepApart(a: string, b: string): void {
    this.apart.add(`${id(a)} ${id(b)}`).add(`${id(b)} ${id(a)}`);
  }

  node(name: string): FakeNode {
    const node = this.nodes.get(id(name));
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  #tellAll(subject: FakeNode, isAlive: boolean): void {
    for (const node of [...this.nodes.values()]) if (node !== subject) node.hear(subject, isAlive);
  }

  #nextEvent(): Event | undefined {
    let next: Event | undefined;
    for (const event of this.#events) if (next === undefined || event.at < next.at) next = event;
    return next;
  }

  #nextTimer(): FakeNode | undefined {
    let next: FakeNode | undefined;
    for (const node of this.nodes.values()) {
      const earliest = node.timers.earliest;
      if (earliest !== undefined && earliest < (next?.timers.earliest ?? Infinity)) next = node;
    }
    return next;
  }
}

/** An id from the digits it starts with. */
export function id(prefix: string, digits = 4): Id {
  const padded = prefix.padEnd(digits, '0');
  if (!isId(padded, digits)) throw new Error(`no id: ${prefix}`);
  return padded;
}

/** A block at `key`; the digest is its own, whatever the key. */
export function block(key: string, number = 0): BlockRef {
  return { key: id(key), digest: `${id(key)}${number.toString(16).padStart(60, '0')}`, size: 1_000 };
}

/** A name record at `key`: its digest begins otherwise. */
export function record(key: string, number = 0): BlockRef {
  return { key: id(key), digest: `ffff${number.toString(16).padStart(60, '0')}`, size: 300 };
}

export function outputsOf<T extends Output['type']>(node: FakeNode, type: T): Extract<Output, { type: T }>[] {
  return node.outputs.filter((output): output is Extract<Output, { type: T }> => output.type === type);
}

export function closestOnDistinctDevices(
  key: Id,
  nodes: readonly { readonly nodeId: NodeId; readonly device: string }[],
  count: number,
): NodeId[] {
  const sorted = [...nodes].sort((a, b) => {
    const difference = ringDistance(key, a.nodeId) - ringDistance(key, b.nodeId);
    return difference === 0n ? (a.nodeId > b.nodeId ? -1 : 1) : difference < 0n ? -1 : 1;
  });
  const first = sorted.filter((node, index) => sorted.findIndex((other) => other.device === node.device) === index);
  const rest = sorted.filter((node) => !first.includes(node));
  return [...first, ...rest].slice(0, count).map((node) => node.nodeId);
}
