// Moves the bytes of blocks between nodes, and between the disk and requests of this node's own: carries out the core's
// pull, stop-pull, drop and verify, and speaks the transfer part of the wire (wire/frame.ts).

import { unreachable } from '../core/assert.ts';
import type { Input } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { TransferControl } from '../wire/frame.ts';
import { Incoming } from './incoming.ts';
import type { LocalBlocks } from './local-blocks.ts';
import { Outgoing } from './outgoing.ts';
import type { Bringing } from './shell.ts';

/** What transfers need of the driver. */
export interface TransferHost {
  now(): number;
  dispatch(input: Input): void;
  /** Waits for the link to open if it is not. */
  sendControl(peer: NodeId, control: TransferControl): void;
  sendChunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void;
  bufferedBytes(peer: NodeId): number;
  isOpen(peer: NodeId): boolean;
  /** No link to this node can be had, as far as is known. */
  isCutOff(peer: NodeId): boolean;
  /** Linked nodes that may bring a block here from a node that no link reaches, the likeliest first. */
  carriersOf(peer: NodeId): readonly NodeId[];
  /** How `peer` is served that wants a block of `source`'s brought to it; undefined: not at all. */
  bringing(peer: NodeId, source: NodeId): Bringing | undefined;
  misbehaved(peer: NodeId, what: string): void;
  count(cause: string): void;
  /** Calls `fire` in `delayMs` or later, unless cancelled or set anew under the same name. */
  after(name: string, delayMs: number, fire: () => void): void;
  cancel(name: string): void;
}

export class Transfers {
  readonly #self: NodeId;
  readonly #host: TransferHost;
  readonly #blocks: LocalBlocks;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;

  /** `maxBytes`: of the largest block in this ring. `sent` is told of each block that another node was given. */
  constructor(
    self: NodeId,
    host: TransferHost,
    blocks: LocalBlocks,
    maxBytes: number,
    sent: (peer: NodeId, digest: string, size: number) => void = () => undefined,
  ) {
    this.#self = self;
    this.#host = host;
    this.#blocks = blocks;
    this.#incoming = new Incoming(host, blocks, maxBytes);
    this.#outgoing = new Outgoing(host, blocks, sent, (source, digest) => this.#incoming.bring(source, digest));
  }

  /** `hurry`: as of the core's output. */
  pull(from: NodeId, block: BlockRef, keep: boolean, hurry = false): void {
    if (from === this.#self) void this.#pullHere(block, keep);
    else this.#incoming.pull(from, block, keep, hurry);
  }

  stopPull(from: NodeId, digest: string): void {
    this.#incoming.stop(from, digest);
  }

  control(peer: NodeId, control: TransferControl): void {
    switch (control.type) {
      case 'pull':
        return this.#outgoing.pullAsked(peer, control.transfer, control.digest);
      case 'bring':
        return this.#bringAsked(peer, control.transfer, control.digest, control.source);
      case 'pull-stop':
        return this.#outgoing.pullStopped(peer, control.transfer);
      case 'sending':
        return this.#incoming.sending(peer, control.transfer, control.size);
      case 'pull-refused':
        return this.#incoming.refused(peer, control.transfer);
      default:
        unreachable(control);
    }
  }

  chunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void {
    this.#incoming.chunk(peer, transfer, offset, payload);
  }

  drained(peer: NodeId): void {
    this.#outgoing.drained(peer);
  }

  /** True while a block is on its way over this link, or asked for. */
  isBusy(peer: NodeId): boolean {
    return this.#outgoing.isBusy(peer) || this.#incoming.isBusy(peer);
  }

  /** The link closed or did not open. */
  linkClosed(peer: NodeId): void {
    this.#outgoing.linkClosed(peer);
    this.#incoming.linkClosed(peer);
  }

  #bringAsked(peer: NodeId, transfer: number, digest: string, source: NodeId): void {
    if (source === peer) return this.#host.misbehaved(peer, 'a block to be brought from its asker');
    if (source === this.#self) return this.#outgoing.pullAsked(peer, transfer, digest);
    const standing = this.#host.bringing(peer, source);
    if (standing !== undefined) return this.#outgoing.pullAsked(peer, transfer, digest, { source, standing });
    // An honest asker may have hoped for a link that is not there; it asks the next.
    this.#host.count('blocks not brought: no link to their holder');
    this.#host.sendControl(peer, { type: 'pull-refused', transfer, reason: 'not-held' });
  }

  /** A block for this node from a source or disk of its own. */
  async #pullHere(block: BlockRef, keep: boolean): Promise<void> {
    const from = this.#self;
    const { digest } = block;
    const bytes = await this.#blocks.load(digest);
    if (bytes === undefined) return this.#host.dispatch({ type: 'block-failed', from, digest, reason: 'aborted' });
    const outcome = keep ? await this.#blocks.keep(block, bytes) : 'kept';
    if (outcome !== 'kept') return this.#host.dispatch({ type: 'block-failed', from, digest, reason: outcome });
    // What this node can produce itself needs no other copy.
    this.#blocks.arrived(digest, bytes, true);
    this.#host.dispatch({ type: 'block-arrived', from, digest, kept: keep });
  }
}
