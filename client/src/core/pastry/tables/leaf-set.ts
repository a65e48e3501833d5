// The leaf set (Pastry, section 2.2): the |L|/2 next nodes on each side, found by walking round the ring.
// In a ring of at most |L|/2 + 1 nodes both halves hold every other node, and every key is in range.

import { clockwiseDistance, closestId, compareClockwise, type Id, isOnArc, type Key, type NodeId } from '../id.ts';
import type { Incarnation, NodeHandle } from '../node-handle.ts';

/** before: the next one counterclockwise; after: the next one clockwise. */
export type LeafPlace = 'before' | 'after' | 'farther';

/** Up to which distance, on each side, a half takes nodes that are nearer by the other way round. */
interface Sides {
  readonly clockwise: bigint;
  readonly counterclockwise: bigint;
}

/** What a set begins with. */
interface Halves<Member> {
  readonly clockwise: readonly Member[];
  readonly counterclockwise: readonly Member[];
  readonly sides: Sides | undefined;
}

export class LeafSet<Member extends Incarnation = NodeHandle> {
  readonly #self: NodeId;
  /** l = |L|/2: the most entries in one half. */
  readonly #half: number;
  /**
   * Set from the loss of a member of a large ring's set until both halves are full again: each half then takes only nodes
   * of its own side of the ring, and those not much farther away than it reached. Else the next known node clockwise might
   * be one of the other half's, and the search for a better one would walk all round the ring.
   */
  #sides: Sides | undefined;
  /** Closest first. */
  readonly #clockwise: Member[];
  readonly #counterclockwise: Member[];

  /** Empty, unless `start` says otherwise. */
  constructor(self: NodeId, size: number, start?: Halves<Member>) {
    this.#self = self;
    this.#half = Math.max(1, Math.floor(size / 2));
    this.#clockwise = [...(start?.clockwise ?? [])];
    this.#counterclockwise = [...(start?.counterclockwise ?? [])];
    this.#sides = start?.sides;
  }

  /** The clockwise half, closest first. */
  get clockwise(): readonly Member[] {
    return this.#clockwise;
  }

  /** The counterclockwise half, closest first. */
  get counterclockwise(): readonly Member[] {
    return this.#counterclockwise;
  }

  /** Both halves, each node once. */
  members(): Member[] {
    const members = [...this.#clockwise];
    for (const handle of this.#counterclockwise) if (!members.includes(handle)) members.push(handle);
    return members;
  }

  get(nodeId: NodeId): Member | undefined {
    return find(this.#clockwise, nodeId) ?? find(this.#counterclockwise, nodeId);
  }

  has(nodeId: NodeId): boolean {
    return this.get(nodeId) !== undefined;
  }

  /** Where a member stands; in a ring of two it is before this node and after it. */
  placeOf(nodeId: NodeId): LeafPlace | undefined {
    if (this.#counterclockwise[0]?.nodeId === nodeId) return 'before';
    if (this.#clockwise[0]?.nodeId === nodeId) return 'after';
    return this.has(nodeId) ? 'farther' : undefined;
  }

  /** True if a live `nodeId` belongs in this set and is not in it. */
  admits(nodeId: NodeId): boolean {
    if (nodeId === this.#self || this.has(nodeId)) return false;
    return (
      (this.#takes(nodeId, 1) && this.#rank(this.#clockwise, nodeId, 1) < this.#half) ||
      (this.#takes(nodeId, -1) && this.#rank(this.#counterclockwise, nodeId, -1) < this.#half)
    );
  }

  /** Adds a node, or renews the handle of one that is in; returns true if the node is new to the set. */
  add(handle: Member): boolean {
    if (handle.nodeId === this.#self) return false;
    const isNew = !this.has(handle.nodeId);
    const isIn = this.#insert(this.#clockwise, handle, 1);
    const changed = (this.#insert(this.#counterclockwise, handle, -1) || isIn) && isNew;
    if (!this.isShort) this.#sides = undefined;
    return changed;
  }

  /** Removes a node; returns true if it was in the set. */
  remove(nodeId: NodeId): boolean {
    const wrapped = this.wraps;
    const sides = this.#sides ?? this.#sidesNow();
    const fromClockwise = removeFrom(this.#clockwise, nodeId);
    const removed = removeFrom(this.#counterclockwise, nodeId) || fromClockwise;
    if (!removed) return false;
    // Halves that met held every node of the ring, so they still do.
    if (wrapped) this.refill();
    else this.#sides = sides;
    return true;
  }

  /** A copy without those that are lost, which takes what this one would if it lost them. */
  without(isLost: (nodeId: NodeId) => boolean): LeafSet<Incarnation> {
    const isLeft = ({ nodeId }: Incarnation): boolean => !isLost(nodeId);
    const keepsSides = !this.wraps && (this.#sides !== undefined || !this.isShort);
    const set = new LeafSet<Incarnation>(this.#self, 2 * this.#half, {
      clockwise: this.#clockwise.filter(isLeft),
      counterclockwise: this.#counterclockwise.filter(isLeft),
      sides: keepsSides ? (this.#sides ?? this.#sidesNow()) : undefined,
    });
    if (this.wraps) set.refill();
    return set;
  }

  /**
   * True if `key` lies between the outermost members, so that its root is the closest of the members and self; and so does
   * all that is within `radius` of it, so that no other node is as close.
   */
  covers(key: Key, radius = 0n): boolean {
    if (this.wraps) return true;
    const start = this.#counterclockwise.at(-1)?.nodeId ?? this.#self;
    const end = this.#clockwise.at(-1)?.nodeId ?? this.#self;
    if (start === end) return true;
    return isOnArc(key, start, end) && clockwiseDistance(start, key) >= radius && clockwiseDistance(key, end) >= radius;
  }

  /** How far from a node like this one its leaf set reaches on one side, on the average of both halves. */
  reach(): bigint {
    const start = this.#counterclockwise.at(-1)?.nodeId ?? this.#self;
    const end = this.#clockwise.at(-1)?.nodeId ?? this.#self;
    return clockwiseDistance(start, end) / 2n;
  }

  /** The outermost members of those halves that could hold more nodes. */
  shortEnds(): Member[] {
    const ends: Member[] = [];
    for (const half of [this.#clockwise, this.#counterclockwise]) {
      const end = half.at(-1);
      if (half.length < this.#half && end !== undefined) ends.push(end);
    }
    return ends;
  }

  get isShort(): boolean {
    return this.#clockwise.length < this.#half || this.#counterclockwise.length < this.#half;
  }

  /** Fills each half with members of the other: in a small ring the walk round reaches them next. */
  refill(): void {
    this.#sides = undefined;
    for (const handle of this.members()) this.add(handle);
  }

  /** Of the members and self, the numerically closest to `key`; ties go to the higher id. Never `except`. */
  closest(key: Key, except?: NodeId): NodeId {
    const ids: Id[] = [this.#self];
    for (const { nodeId } of this.#clockwise) if (nodeId !== except) ids.push(nodeId);
    for (const { nodeId } of this.#counterclockwise) if (nodeId !== except) ids.push(nodeId);
    return closestId(key, ids) ?? this.#self;
  }

  /** True if the halves share a node: together they go all the way round. */
  get wraps(): boolean {
    const outermost = this.#clockwise.at(-1);
    return outermost !== undefined && find(this.#counterclockwise, outermost.nodeId) !== undefined;
  }

  /** Where in a half `nodeId` would stand; `direction` 1 for the clockwise half, -1 for the other. */
  #rank(half: readonly Member[], nodeId: NodeId, direction: 1 | -1): number {
    let rank = 0;
    for (const handle of half) {
      if (compareClockwise(this.#self, handle.nodeId, nodeId) * direction >= 0) break;
      rank += 1;
    }
    return rank;
  }

  /** False for a node of the other side while sides are kept; the halves never meet meanwhile. */
  #takes(nodeId: NodeId, direction: 1 | -1): boolean {
    if (this.#sides === undefined) return true;
    const [here, there] =
      direction === 1 ? [this.#clockwise, this.#counterclockwise] : [this.#counterclockwise, this.#clockwise];
    if (find(there, nodeId) !== undefined) return false;
    // Between the members of one half it belongs there: in the other it would make the halves cross.
    const isBetweenHere = this.#rank(here, nodeId, direction) < here.length;
    const isBetweenThere = this.#rank(there, nodeId, direction === 1 ? -1 : 1) < there.length;
    if (isBetweenHere !== isBetweenThere) return isBetweenHere;
    const clockwise = clockwiseDistance(this.#self, nodeId);
    const counterclockwise = clockwiseDistance(nodeId, this.#self);
    if (direction === 1) return clockwise <= counterclockwise || clockwise <= this.#sides.clockwise;
    return counterclockwise < clockwise || counterclockwise <= this.#sides.counterclockwise;
  }

  #sidesNow(): Sides {
    const [start, end] = [this.#counterclockwise.at(-1), this.#clockwise.at(-1)];
    return {
      clockwise: end === undefined ? 0n : 2n * clockwiseDistance(this.#self, end.nodeId),
      counterclockwise: start === undefined ? 0n : 2n * clockwiseDistance(start.nodeId, this.#self),
    };
  }

  #insert(half: Member[], handle: Member, direction: 1 | -1): boolean {
    if (!this.#takes(handle.nodeId, direction) && find(half, handle.nodeId) === undefined) return false;
    const rank = this.#rank(half, handle.nodeId, direction);
    if (half[rank]?.nodeId === handle.nodeId) {
      half[rank] = handle;
      return true;
    }
    if (rank >= this.#half) return false;
    half.splice(rank, 0, handle);
    if (half.length > this.#half) half.pop();
    return true;
  }
}

function find<Member extends Incarnation>(half: readonly Member[], nodeId: NodeId): Member | undefined {
  for (const handle of half) if (handle.nodeId === nodeId) return handle;
  return undefined;
}

function removeFrom(half: Incarnation[], nodeId: NodeId): boolean {
  const index = half.findIndex((handle) => handle.nodeId === nodeId);
  if (index >= 0) half.splice(index, 1);
  return index >= 0;
}
