// What this node knows of the ring beyond its leaf set, where its leaves are on too few devices to choose k from: on each side
// the next node of each device, nearest first, up to k devices. So much is enough. The closest nodes of k distinct devices to a
// key among the leaves are leaves, or the first of their device beyond them: a farther one of the same device is farther from the key.

import type { Holder, Instant } from '../io.ts';
import { clockwiseDistance, type NodeId } from '../pastry/id.ts';
import type { NodeHandle } from '../pastry/node-handle.ts';

export type Side = 'clockwise' | 'counterclockwise';
export const SIDES: readonly Side[] = ['clockwise', 'counterclockwise'];

/** What was told counts for so long: three questions may get lost. */
export const BEYOND_KNOWN_MS = 200_000;

interface Told {
  readonly at: Instant;
  /** Nearest first. */
  readonly nodes: readonly Holder[];
}

interface LeafHalves {
  readonly self: NodeHandle;
  readonly now: Instant;
  /** Closest first; undefined if the leaf set goes all the way round. */
  half(side: Side): readonly NodeHandle[] | undefined;
}

export class BeyondLeaves {
  readonly #ring: LeafHalves;
  /** k. */
  readonly #devices: number;
  readonly #toldBySide = new Map<Side, Told>();

  constructor(ring: LeafHalves, devices: number) {
    this.#ring = ring;
    this.#devices = devices;
  }

  /** The leaf that knows what comes next on this side; undefined if nothing need be known of it. */
  teller(side: Side): NodeId | undefined {
    const half = this.#ring.half(side) ?? [];
    const devices = new Set(half.map(({ device }) => device));
    return devices.size < this.#devices ? half.at(-1)?.nodeId : undefined;
  }

  /** Takes the word of the outermost leaf of a side. True if it is news; undefined if it cannot be true. */
  take(side: Side, nodes: readonly Holder[]): boolean | undefined {
    const outermost = this.#ring.half(side)?.at(-1)?.nodeId;
    if (outermost === undefined || !this.#isInOrder(side, outermost, nodes)) return undefined;
    const before = this.#toldBySide.get(side)?.nodes ?? [];
    this.#toldBySide.set(side, { at: this.#ring.now, nodes });
    return !isSame(before, nodes);
  }

  /** The next node of each device beyond the leaves of a side; none where the leaves are enough. */
  nodes(side: Side): readonly Holder[] {
    const told = this.#toldBySide.get(side);
    const teller = told === undefined ? undefined : this.teller(side);
    if (told === undefined || teller === undefined || this.#ring.now - told.at >= BEYOND_KNOWN_MS) return [];
    const reach = this.#distance(side, teller);
    return told.nodes.filter(({ nodeId }) => this.#distance(side, nodeId) > reach);
  }

  /** What comes next on a side, beginning beside this node and ending before `asker`, for which this is the outermost leaf there. */
  seenBy(asker: NodeId, side: Side): readonly Holder[] {
    const end = this.#distance(side, asker);
    const seen = new Map<string, Holder>();
    for (const { nodeId, device } of [...(this.#ring.half(side) ?? []), ...this.nodes(side)]) {
      if (this.#distance(side, nodeId) >= end || seen.size >= this.#devices) break;
      if (!seen.has(device)) seen.set(device, { nodeId, device });
    }
    return [...seen.values()];
  }

  #isInOrder(side: Side, outermost: NodeId, nodes: readonly Holder[]): boolean {
    let last = this.#distance(side, outermost);
    for (const { nodeId } of nodes) {
      const distance = this.#distance(side, nodeId);
      if (distance <= last) return false;
      last = distance;
    }
    return nodes.length <= this.#devices && new Set(nodes.map(({ device }) => device)).size === nodes.length;
  }

  #distance(side: Side, nodeId: NodeId): bigint {
    const { nodeId: self } = this.#ring.self;
    return side === 'clockwise' ? clockwiseDistance(self, nodeId) : clockwiseDistance(nodeId, self);
  }
}

function isSame(a: readonly Holder[], b: readonly Holder[]): boolean {
  return (
    a.length === b.length && a.every(({ nodeId, device }, at) => nodeId === b[at]?.nodeId && device === b[at]?.device)
  );
}
