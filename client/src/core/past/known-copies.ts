// What other nodes said about the blocks that this node holds. Each node speaks for itself only: nobody's word about a
// third node gets in here. Kept for held blocks and leaf-set members only, so its size is bounded by both.

import type { NodeId } from '../pastry/id.ts';
import type { Refuse } from './messages.ts';

/** holds: has a durable copy. Else why it refused one. */
export type CopyState = 'holds' | Refuse['reason'];

export class KnownCopies {
  readonly #statesByDigest = new Map<string, Map<NodeId, CopyState>>();

  get(digest: string, nodeId: NodeId): CopyState | undefined {
    return this.#statesByDigest.get(digest)?.get(nodeId);
  }

  set(digest: string, nodeId: NodeId, state: CopyState): void {
    let states = this.#statesByDigest.get(digest);
    if (states === undefined) {
      states = new Map();
      this.#statesByDigest.set(digest, states);
    }
    states.set(nodeId, state);
  }

  /** The nodes that said they hold the block. */
  holders(digest: string): readonly NodeId[] {
    const holders: NodeId[] = [];
    for (const [nodeId, state] of this.#statesByDigest.get(digest) ?? []) if (state === 'holds') holders.push(nodeId);
    return holders;
  }

  forget(digest: string, nodeId: NodeId): void {
    this.#statesByDigest.get(digest)?.delete(nodeId);
  }

  forgetDigest(digest: string): void {
    this.#statesByDigest.delete(digest);
  }

  forgetNode(nodeId: NodeId): void {
    for (const states of this.#statesByDigest.values()) states.delete(nodeId);
  }

  /** Refusals are opinions of a moment: another leaf set, or freed room, makes them worthless. */
  forgetRefusals(): void {
    for (const states of this.#statesByDigest.values()) {
      for (const [nodeId, state] of states) if (state !== 'holds') states.delete(nodeId);
    }
  }

  /** Forgets nodes outside `members`: they may drop their copies without a word that would reach us. */
  keepOnly(digest: string, members: readonly NodeId[]): void {
    const states = this.#statesByDigest.get(digest);
    if (states === undefined) return;
    for (const nodeId of states.keys()) if (!members.includes(nodeId)) states.delete(nodeId);
  }
}
