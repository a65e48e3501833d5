// What other nodes said about the blocks that this node holds. Each node speaks for itself only: nobody's word about a
// third node gets in here. Kept for held blocks and leaf-set members only, so its size is bounded by both.

import type { NodeId } from '../pastry/id.ts';
import type { Refuse } from './messages.ts';

/** holds: has a durable copy. Else why it refused one. */
export type CopyState = 'holds' | Refuse['reason'];

export class KnownCopies {
  /** Called with the digest after each change. */
  changed: (digest: string) => void = () => undefined;
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
    if (states.get(nodeId) === state) return;
    states.set(nodeId, state);
    this.changed(digest);
  }

  /** The nodes that said they hold the block. */
  holders(digest: string): readonly NodeId[] {
    const holders: NodeId[] = [];
    for (const [nodeId, state] of this.#statesByDigest.get(digest) ?? []) if (state === 'holds') holders.push(nodeId);
    return holders;
  }

  forget(digest: string, nodeId: NodeId): void {
    if (this.#statesByDigest.get(digest)?.delete(nodeId) === true) this.changed(digest);
  }

  forgetDigest(digest: string): void {
    if (this.#statesByDigest.delete(digest)) this.changed(digest);
  }

  forgetNode(nodeId: NodeId): void {
    for (const [digest, states] of this.#statesByDigest) if (states.delete(nodeId)) this.changed(digest);
  }

  /** Refusals are opinions of a moment: another leaf set, or freed room, makes them worthless. Of this reason, or all. */
  forgetRefusals(reason?: Refuse['reason']): void {
    for (const states of this.#statesByDigest.values()) {
      for (const [nodeId, state] of states) {
        if (state !== 'holds' && (reason === undefined || state === reason)) states.delete(nodeId);
      }
    }
  }

  /** Forgets nodes outside `members`: they may drop their copies without a word that would reach us. */
  keepOnly(digest: string, members: readonly NodeId[]): void {
    const states = this.#statesByDigest.get(digest);
    if (states === undefined) return;
    let hasChanged = false;
    for (const nodeId of states.keys()) {
      if (members.includes(nodeId)) continue;
      states.delete(nodeId);
      hasChanged = true;
    }
    if (hasChanged) this.changed(digest);
  }
}
