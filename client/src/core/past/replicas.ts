// Which nodes keep a block: the k numerically closest ones, on distinct devices as far as there are devices (PAST,
// section 2.2). A view is prepared once and asked for many keys, since a repair round asks for every held block.

import type { Holder } from '../io.ts';
import { BITS_PER_DIGIT, type Key, type NodeId } from '../pastry/id.ts';
import type { RingParams } from '../pastry/params.ts';

/**
 * How many copies this ring can keep consistently: k, but at most half a leaf set and one, since a holder must know
 * all the others (PAST, section 2.2: k <= |L|/2 + 1).
 */
export function replicaCount(params: RingParams): number {
  return Math.min(params.replicas, params.leafSetSize / 2 + 1);
}

interface Place {
  readonly handle: Holder;
  readonly position: bigint;
}

/** Some nodes, arranged round the ring. */
export class NodeView {
  /** By position, ascending. */
  readonly #places: readonly Place[];

  /** Of two handles with one nodeId the later one counts. */
  constructor(nodes: Iterable<Holder>) {
    const handleById = new Map<NodeId, Holder>();
    for (const handle of nodes) handleById.set(handle.nodeId, handle);
    this.#places = [...handleById.values()]
      .sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
      .map((handle) => ({ handle, position: positionOf(handle.nodeId) }));
  }

  /** The same nodes without one. */
  without(nodeId: NodeId): NodeView {
    const rest: Holder[] = [];
    for (const { handle } of this.#places) if (handle.nodeId !== nodeId) rest.push(handle);
    return new NodeView(rest);
  }

  /** The node closest to `key`, ties to the higher id. */
  closest(key: Key): NodeId | undefined {
    for (const handle of this.closestFirst(key)) return handle.nodeId;
    return undefined;
  }

  /**
   * The `count` closest nodes of distinct devices; where there are fewer devices, filled up with the closest of the
   * rest, since one of several tabs may close while its device lives. The first is the closest of all.
   */
  replicaSet(key: Key, count: number): readonly NodeId[] {
    const chosen: NodeId[] = [];
    const spare: NodeId[] = [];
    const devices = new Set<string>();
    for (const { nodeId, device } of this.closestFirst(key)) {
      if (chosen.length >= count) break;
      if (devices.has(device)) {
        spare.push(nodeId);
      } else {
        devices.add(device);
        chosen.push(nodeId);
      }
    }
    return chosen.concat(spare.slice(0, Math.max(0, count - chosen.length)));
  }

  /** The `count` closest nodes; of half a leaf set and one, each has all others as leaves. */
  nearest(key: Key, count: number): ReadonlySet<NodeId> {
    const nearest = new Set<NodeId>();
    for (const { nodeId } of this.closestFirst(key)) if (nearest.size < count) nearest.add(nodeId);
    return nearest;
  }

  /** All nodes, closest to `key` first: two walkers leave the key in both directions, and the closer one steps. */
  *closestFirst(key: Key): Generator<Holder> {
    const total = this.#places.length;
    const ringSize = 1n << BigInt(key.length * BITS_PER_DIGIT);
    const origin = positionOf(key);
    let up = this.#firstAtOrAbove(key);
    let down = up - 1;
    for (let given = 0; given < total; given += 1) {
      const above = this.#places[up % total];
      const below = this.#places[(down + total) % total];
      if (above === undefined || below === undefined) return;
      const clockwise = modulo(above.position - origin, ringSize);
      const counterclockwise = modulo(origin - below.position, ringSize);
      const isTie = clockwise === counterclockwise;
      if (isTie ? above.position >= below.position : clockwise < counterclockwise) {
        yield above.handle;
        up += 1;
      } else {
        yield below.handle;
        down -= 1;
      }
    }
  }

  #firstAtOrAbove(key: Key): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.#places[middle];
      if (place !== undefined && place.handle.nodeId < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function positionOf(id: Key): bigint {
  return BigInt(`0x${id}`);
}

function modulo(value: bigint, size: bigint): bigint {
  return value < 0n ? value + size : value;
}
