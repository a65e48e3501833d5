// What the driver knows of each link: whether it is open, what waits for it to open, and how its peer behaves.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Speaker } from '../gate/speaker.ts';
import type { Certificate } from '../trust/certificate.ts';
import {
  FLOOD_WINDOW_MS,
  MAX_FRAME_BYTES_IN_WINDOW,
  MAX_FRAMES,
  MAX_MISDEEDS,
  MAX_PENDING_BYTES,
  MAX_PENDING_FRAMES,
  MAX_REMEMBERED_PEERS,
  MISDEED_WINDOW_MS,
} from './limits.ts';
import { RateWindow } from './rate-window.ts';

interface OpenLink {
  readonly speaker: Speaker;
  readonly frames: RateWindow;
  readonly bytes: RateWindow;
}

interface Pending {
  readonly frames: Uint8Array[];
  bytes: number;
  isAwaited: boolean;
}

export class LinkTable {
  readonly #openByPeer = new Map<NodeId, OpenLink>();
  readonly #pendingByPeer = new Map<NodeId, Pending>();
  readonly #misdeedsByPeer = new BoundedMap<NodeId, RateWindow>(MAX_REMEMBERED_PEERS);

  isOpen(peer: NodeId): boolean {
    return this.#openByPeer.has(peer);
  }

  /** Who is at the far end of an open link, and has proved it. */
  speaker(peer: NodeId): Speaker | undefined {
    return this.#openByPeer.get(peer)?.speaker;
  }

  get hasOpen(): boolean {
    return this.#openByPeer.size > 0;
  }

  /** True if frames wait for this link. */
  isWaitedFor(peer: NodeId): boolean {
    return this.#pendingByPeer.has(peer);
  }

  /** True if somebody waits for what waits for this link. */
  isAwaited(peer: NodeId): boolean {
    return this.#pendingByPeer.get(peer)?.isAwaited === true;
  }

  /** The link is open, its far end's certificate checked. Returns the frames that waited for it, oldest first. */
  opened(peer: NodeId, certificate: Certificate): readonly Uint8Array[] {
    this.#openByPeer.set(peer, {
      speaker: { peer, certificate },
      frames: new RateWindow(MAX_FRAMES, FLOOD_WINDOW_MS),
      bytes: new RateWindow(MAX_FRAME_BYTES_IN_WINDOW, FLOOD_WINDOW_MS),
    });
    return this.#takePending(peer);
  }

  /** The link is closed or did not open. Returns how many waiting frames were dropped. */
  closed(peer: NodeId): number {
    this.#openByPeer.delete(peer);
    return this.#takePending(peer).length;
  }

  /** Keeps a frame until the link opens. Returns how many older ones were dropped for it. */
  wait(peer: NodeId, frame: Uint8Array, isAwaited: boolean): number {
    const pending = this.#pendingByPeer.get(peer) ?? { frames: [], bytes: 0, isAwaited: false };
    pending.isAwaited ||= isAwaited;
    this.#pendingByPeer.set(peer, pending);
    pending.frames.push(frame);
    pending.bytes += frame.length;
    let dropped = 0;
    while (pending.frames.length > MAX_PENDING_FRAMES || pending.bytes > MAX_PENDING_BYTES) {
      pending.bytes -= pending.frames.shift()?.length ?? 0;
      dropped += 1;
    }
    return dropped;
  }

  /** Counts a frame that arrived; true if this peer sends more than any correct one. */
  floods(peer: NodeId, bytes: number, now: number): boolean {
    const link = this.#openByPeer.get(peer);
    if (link === undefined) return false;
    const tooMany = link.frames.exceeded(now, 1);
    return link.bytes.exceeded(now, bytes) || tooMany;
  }

  /** Counts a misdeed; true if the link should be closed for it. Outlives the link. */
  misbehaved(peer: NodeId, now: number): boolean {
    const known = this.#misdeedsByPeer.get(peer);
    const misdeeds = known ?? new RateWindow(MAX_MISDEEDS, MISDEED_WINDOW_MS);
    if (known === undefined) this.#misdeedsByPeer.set(peer, misdeeds);
    return misdeeds.exceeded(now, 1);
  }

  #takePending(peer: NodeId): readonly Uint8Array[] {
    const pending = this.#pendingByPeer.get(peer);
    this.#pendingByPeer.delete(peer);
    return pending?.frames ?? [];
  }
}
