// What other nodes said about the blocks that this node holds. Each node speaks for itself only: nobody's word about a
// third node gets in here, but for pointers, whose targets have proved their copies to this node (pointer-claims.ts). Kept for
// held blocks and leaf-set members only, so its size is bounded by both.

import type { NodeId } from '../pastry/id.ts';
import type { Refuse } from './messages.ts';

/** holds: has a durable copy. points: another node holds one in its place. Else why it refused one. */
export type CopyState = 'holds' | 'points' | Refuse['reason'];

interface Entry {
  readonly state: CopyState;
  /** Of a pointer. */
  readonly target: NodeId | undefined;
}

export class KnownCopies {
  /** Called with the digest after each change. */
  changed: (digest: string) => void = () => undefined;
  readonly #entriesByDigest = new Map<string, Map<NodeId, Entry>>();

  get(digest: string, nodeId: NodeId): CopyState | undefined {
    return this.#entriesByDigest.get(digest)?.get(nodeId)?.state;
  }

  set(digest: string, nodeId: NodeId, state: Exclude<CopyState, 'points'>): void {
    this.#put(digest, nodeId, { state, target: undefined });
  }

  /** A copy at `target` stands for the one of `member`. False if it stands for another member's already. */
  point(digest: string, member: NodeId, target: NodeId): boolean {
    for (const [nodeId, entry] of this.#entriesByDigest.get(digest) ?? []) {
      if (nodeId !== member && entry.target === target) return false;
    }
    this.#put(digest, member, { state: 'points', target });
    return true;
  }

  /** Who holds the copy of a member: it itself, or the target of its pointer. */
  holderFor(digest: string, member: NodeId): NodeId | undefined {
    const entry = this.#entriesByDigest.get(digest)?.get(member);
    return entry?.state === 'holds' ? member : entry?.target;
  }

  /** True if this node's copy counts, as its own or in another one's place. */
  isHolder(digest: string, nodeId: NodeId): boolean {
    return this.holders(digest).includes(nodeId);
  }

  /** The nodes that hold the block. */
  holders(digest: string): readonly NodeId[] {
    const holders = new Set<NodeId>();
    for (const [nodeId, { state, target }] of this.#entriesByDigest.get(digest) ?? []) {
      if (state === 'holds') holders.add(nodeId);
      else if (target !== undefined) holders.add(target);
    }
    return [...holders];
  }

  /** And pointers at its copy. */
  forget(digest: string, nodeId: NodeId): void {
    const entries = this.#entriesByDigest.get(digest);
    if (entries !== undefined && removeNode(entries, nodeId)) this.changed(digest);
  }

  forgetDigest(digest: string): void {
    if (this.#entriesByDigest.delete(digest)) this.changed(digest);
  }

  forgetNode(nodeId: NodeId): void {
    for (const [digest, entries] of this.#entriesByDigest) if (removeNode(entries, nodeId)) this.changed(digest);
  }

  /** Refusals are opinions of a moment: another leaf set, or freed room, makes them worthless. Of this reason, or all. */
  forgetRefusals(reason?: Refuse['reason']): void {
    for (const entries of this.#entriesByDigest.values()) {
      for (const [nodeId, { state }] of entries) {
        const isRefusal = state !== 'holds' && state !== 'points';
        if (isRefusal && (reason === undefined || state === reason)) entries.delete(nodeId);
      }
    }
  }

  /** Forgets nodes outside `members`, which may drop their copies without a word that would reach us, and pointers at members. */
  keepOnly(digest: string, members: readonly NodeId[]): void {
    const entries = this.#entriesByDigest.get(digest);
    if (entries === undefined) return;
    let hasChanged = false;
    for (const [nodeId, { target }] of entries) {
      if (members.includes(nodeId) && (target === undefined || !members.includes(target))) continue;
      entries.delete(nodeId);
      hasChanged = true;
    }
    if (hasChanged) this.changed(digest);
  }

  #put(digest: string, nodeId: NodeId, entry: Entry): void {
    let entries = this.#entriesByDigest.get(digest);
    if (entries === undefined) {
      entries = new Map();
      this.#entriesByDigest.set(digest, entries);
    }
    const before = entries.get(nodeId);
    if (before?.state === entry.state && before.target === entry.target) return;
    entries.set(nodeId, entry);
    this.changed(digest);
  }
}

function removeNode(entries: Map<NodeId, Entry>, nodeId: NodeId): boolean {
  let hasChanged = entries.delete(nodeId);
  for (const [member, { target }] of entries) {
    if (target !== nodeId) continue;
    entries.delete(member);
    hasChanged = true;
  }
  return hasChanged;
}
