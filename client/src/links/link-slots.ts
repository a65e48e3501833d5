// What there is between this node and each other: an open link, and an attempt at one.

import type { NodeId } from '../core/pastry/id.ts';
import type { LinkCloseReason, LinkInfo } from '../peer/ports.ts';
import type { LinkCall } from './link-call.ts';
import type { WebRtcLink } from './webrtc-link.ts';

export interface Slot {
  open: WebRtcLink | undefined;
  /** Beside an open link: what will replace it, because the other end seems to have been reloaded. */
  opening: WebRtcLink | LinkCall | undefined;
  /** This node asked for the link: its failure is to be told. */
  wanted: boolean;
}

export class LinkSlots extends Map<NodeId, Slot> {
  /** Told to close, and still sending the last of what they had. */
  readonly #closing = new Set<WebRtcLink>();

  /** The slot of `peer`, made if there is none. */
  at(peer: NodeId): Slot {
    const slot = this.get(peer) ?? { open: undefined, opening: undefined, wanted: false };
    this.set(peer, slot);
    return slot;
  }

  /** What goes by this attempt with `peer`, open or not yet. */
  find(peer: NodeId, attempt: string): WebRtcLink | LinkCall | undefined {
    const slot = this.get(peer);
    if (slot?.opening?.attempt === attempt) return slot.opening;
    return slot?.open?.attempt === attempt ? slot.open : undefined;
  }

  /** Others' attempts that are not open yet, and that nobody here had wished for. */
  get pendingIncoming(): number {
    let count = 0;
    for (const { opening, wanted } of this.values()) {
      if (!wanted && (opening?.kind === 'answer' || opening?.kind === 'called')) count += 1;
    }
    return count;
  }

  /** Forgets a slot with nothing in it, unless another has its place. */
  dropIfEmpty(peer: NodeId, slot: Slot): void {
    const isEmpty = slot.open === undefined && slot.opening === undefined;
    if (isEmpty && this.get(peer) === slot) this.delete(peer);
  }

  list(): readonly LinkInfo[] {
    return Array.from(this, ([nodeId, { open }]) =>
      open === undefined ? { nodeId, state: 'connecting' as const } : { nodeId, state: 'open' as const, ...open.info },
    );
  }

  /** Closes a link that is in no slot any more. */
  part(link: WebRtcLink, reason: LinkCloseReason): void {
    this.#closing.add(link);
    link.close(reason, () => this.#closing.delete(link));
  }

  /** Closes everything at once, also what is still closing. */
  abortAll(): void {
    for (const { open, opening } of this.values()) {
      open?.abort('goodbye');
      opening?.abort();
    }
    for (const link of this.#closing) link.abort();
    this.clear();
  }
}
