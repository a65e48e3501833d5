// How much room the leaves have, as each says of itself when it is asked: a node that diverts a copy goes to who has most, and
// a user whose store finds no room is told what there is. Claims, and good for no more than to choose whom to ask first.

import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';

/** Who answers later is taken for one that has not said: a round trip between leaves, and some for a busy machine. */
const ANSWER_MS = 1_000;
/** What a leaf said is asked again after so long: in a minute a segment each second changes a disk by a quarter gigabyte. */
const FRESH_MS = 60_000;

interface Told {
  freeBytes: number;
  readonly at: Instant;
}

/** What some nodes have left, together. */
export interface RoomLeft {
  /** Those that have said so. */
  readonly nodes: number;
  readonly freeBytes: number;
}

export class RoomSurvey {
  readonly #context: PastContext;
  readonly #toldById = new Map<NodeId, Told>();
  readonly #pending = new Set<NodeId>();
  #waiting: (() => void)[] = [];

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** Asks the leaves that have not said it lately; `then` is called once, when they have or their time is over, perhaps at once. */
  ask(then: () => void): void {
    const { ring } = this.#context;
    this.#forgetOld();
    const unasked = ring.leaves().filter(({ nodeId }) => !this.#toldById.has(nodeId) && !this.#pending.has(nodeId));
    for (const { nodeId } of unasked) this.#pending.add(nodeId);
    if (this.#pending.size === 0) return then();
    this.#waiting.push(then);
    if (!this.#context.isWaiting({ kind: 'room-survey' }))
      this.#context.after({ kind: 'room-survey' }, ANSWER_MS, () => this.#end());
    for (const { nodeId } of unasked) this.#context.tell(nodeId, { type: 'room?' });
  }

  /** Another node asks. What a disk has left is its neighbours' business. */
  asked(from: NodeId): void {
    const { accounts } = this.#context;
    const freeBytes = Math.floor(Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, accounts.freeBytes)));
    if (this.#context.isLeaf(from)) this.#context.tell(from, { type: 'room', freeBytes });
  }

  answered(from: NodeId, freeBytes: number): void {
    if (!this.#pending.delete(from)) return;
    this.#toldById.set(from, { freeBytes, at: this.#context.ring.now });
    if (this.#pending.size === 0) this.#end();
  }

  /** Undefined if it has not said it. */
  freeBytes(nodeId: NodeId): number | undefined {
    return this.#toldById.get(nodeId)?.freeBytes;
  }

  /** A node was given so much more to keep. */
  given(nodeId: NodeId, bytes: number): void {
    const told = this.#toldById.get(nodeId);
    if (told !== undefined) told.freeBytes = Math.max(0, told.freeBytes - bytes);
  }

  /** Of this node and the leaves that have said it; of a node that has no leaves nothing is worth saying. */
  left(): RoomLeft {
    const { accounts, ring } = this.#context;
    const told = ring.leaves().flatMap(({ nodeId }) => this.freeBytes(nodeId) ?? []);
    const all = told.length === 0 ? [] : [accounts.freeBytes, ...told];
    const freeBytes = all.reduce((sum, bytes) => sum + Math.max(0, bytes), 0);
    return { nodes: all.length, freeBytes };
  }

  nodeFailed(nodeId: NodeId): void {
    this.#toldById.delete(nodeId);
    if (this.#pending.delete(nodeId) && this.#pending.size === 0) this.#end();
  }

  #forgetOld(): void {
    const { now } = this.#context.ring;
    for (const [nodeId, { at }] of this.#toldById) if (now - at >= FRESH_MS) this.#toldById.delete(nodeId);
  }

  #end(): void {
    this.#context.cancel({ kind: 'room-survey' });
    this.#pending.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const then of waiting) then();
  }
}
