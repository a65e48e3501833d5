// Pulls blocks from other nodes: asks, collects the chunks in order, checks the digest, keeps the block if the core wants
// it kept, and tells the core. Bounded in memory; a silent sender is given up; nothing is taken that was not asked for.

import type { PullFailure } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { LATE_CHUNK_BYTES, MAX_INCOMING, MAX_REMEMBERED_PULLS, PULL_TIMEOUT_MS } from './limits.ts';
import type { LocalBlocks } from './local-blocks.ts';
import type { TransferHost } from './transfers.ts';

interface Pull {
  readonly transfer: number;
  readonly from: NodeId;
  readonly block: BlockRef;
  keep: boolean;
  /** settling: all bytes are here and are being checked and stored. */
  state: 'waiting' | 'asked' | 'receiving' | 'settling' | 'over';
  bytes: Uint8Array;
  received: number;
  lastProgressAt: number;
}

const NO_BYTES = new Uint8Array();

export class Incoming {
  readonly #host: TransferHost;
  readonly #blocks: LocalBlocks;
  readonly #maxBytes: number;
  /** In the order in which the core asked. */
  readonly #pullByTransfer = new Map<number, Pull>();
  /** Stopped pulls: how many bytes may still come that were on their way. */
  readonly #lateBytes = new Map<string, number>();
  #lastTransfer = 0;

  constructor(host: TransferHost, blocks: LocalBlocks, maxBytes: number) {
    this.#host = host;
    this.#blocks = blocks;
    this.#maxBytes = maxBytes;
  }

  pull(from: NodeId, block: BlockRef, keep: boolean): void {
    const known = this.#find(from, block.digest);
    if (known !== undefined) {
      known.keep ||= keep;
      return;
    }
    this.#lastTransfer = (this.#lastTransfer + 1) >>> 0;
    const progress = { state: 'waiting', bytes: NO_BYTES, received: 0, lastProgressAt: 0 } as const;
    this.#pullByTransfer.set(this.#lastTransfer, { transfer: this.#lastTransfer, from, block, keep, ...progress });
    this.#askNext();
  }

  stop(from: NodeId, digest: string): void {
    const pull = this.#find(from, digest);
    if (pull !== undefined) this.#end(pull);
  }

  /** The sender's announcement of the size. */
  sending(from: NodeId, transfer: number, size: number): void {
    const pull = this.#ofSender(from, transfer);
    if (pull === undefined || pull.state !== 'asked') return this.#unasked(from, transfer, 1);
    const isPossible = pull.block.size === 0 ? size <= this.#maxBytes : size === pull.block.size;
    if (!isPossible) return this.#fail(pull, 'corrupt');
    pull.state = 'receiving';
    pull.bytes = new Uint8Array(size);
    pull.lastProgressAt = this.#host.now();
    if (size === 0) void this.#settle(pull);
  }

  refused(from: NodeId, transfer: number): void {
    const pull = this.#ofSender(from, transfer);
    if (pull === undefined || pull.state === 'settling') this.#unasked(from, transfer, 1);
    else this.#fail(pull, 'aborted');
  }

  chunk(from: NodeId, transfer: number, offset: number, payload: Uint8Array): void {
    const pull = this.#ofSender(from, transfer);
    if (pull === undefined || pull.state !== 'receiving') return this.#unasked(from, transfer, payload.length);
    if (offset !== pull.received || offset + payload.length > pull.bytes.length) {
      this.#host.misbehaved(from, 'a chunk out of place');
      return this.#fail(pull, 'corrupt');
    }
    pull.bytes.set(payload, offset);
    pull.received += payload.length;
    pull.lastProgressAt = this.#host.now();
    if (pull.received === pull.bytes.length) void this.#settle(pull);
  }

  /** True if this peer is asked for blocks, or soon will be. */
  isBusy(peer: NodeId): boolean {
    for (const { from, state } of this.#pullByTransfer.values()) if (from === peer && state !== 'settling') return true;
    return false;
  }

  linkClosed(peer: NodeId): void {
    const cut = [...this.#pullByTransfer.values()].filter(({ from, state }) => from === peer && state !== 'settling');
    // All at once: one that only waited for its turn must not open the link again.
    for (const pull of cut) this.#forget(pull);
    for (const { from, block } of cut) {
      this.#host.dispatch({ type: 'block-failed', from, digest: block.digest, reason: 'aborted' });
    }
    this.#askNext();
  }

  #askNext(): void {
    let underWay = 0;
    for (const pull of this.#pullByTransfer.values()) {
      if (underWay >= MAX_INCOMING) return;
      underWay += 1;
      if (pull.state !== 'waiting') continue;
      pull.state = 'asked';
      pull.lastProgressAt = this.#host.now();
      this.#watch(pull, PULL_TIMEOUT_MS);
      this.#host.sendControl(pull.from, { type: 'pull', transfer: pull.transfer, digest: pull.block.digest });
    }
  }

  async #settle(pull: Pull): Promise<void> {
    pull.state = 'settling';
    const { from, block, bytes } = pull;
    const isRight = await this.#blocks.isRight(block.digest, bytes);
    if (this.#isOver(pull)) return;
    if (!isRight) return this.#fail(pull, 'corrupt');
    // Read once more after this: a second order for the same block may ask to keep it.
    const outcome = pull.keep ? await this.#blocks.keep(block, bytes) : 'not-asked';
    const isKept = outcome === 'kept';
    if (this.#isOver(pull) && !isKept) return;
    this.#end(pull);
    this.#blocks.arrived(block.digest, bytes);
    const reason = outcome === 'malformed' ? 'malformed' : 'full';
    if (pull.keep && !isKept) this.#host.dispatch({ type: 'block-failed', from, digest: block.digest, reason });
    else this.#host.dispatch({ type: 'block-arrived', from, digest: block.digest, kept: isKept });
  }

  #isOver(pull: Pull): boolean {
    return pull.state === 'over';
  }

  #fail(pull: Pull, reason: PullFailure): void {
    // The sender may not know that its disk has gone bad: no misdeed, and the core tells it.
    if (reason === 'corrupt') this.#host.count('corrupt blocks received');
    this.#end(pull);
    this.#host.dispatch({ type: 'block-failed', from: pull.from, digest: pull.block.digest, reason });
  }

  /** Forgets a pull, tells its sender if that is still sending, and gives its place to the next. */
  #end(pull: Pull): void {
    const isUnderWay = pull.state === 'asked' || pull.state === 'receiving';
    this.#forget(pull);
    if (isUnderWay) this.#stopSender(pull);
    this.#askNext();
  }

  #forget(pull: Pull): void {
    this.#pullByTransfer.delete(pull.transfer);
    this.#host.cancel(timerName(pull));
    pull.state = 'over';
    pull.bytes = NO_BYTES;
  }

  #stopSender({ from, transfer }: Pull): void {
    if (this.#lateBytes.size >= MAX_REMEMBERED_PULLS) {
      const oldest = this.#lateBytes.keys().next().value;
      if (oldest !== undefined) this.#lateBytes.delete(oldest);
    }
    this.#lateBytes.set(`${from}/${transfer}`, LATE_CHUNK_BYTES);
    this.#host.sendControl(from, { type: 'pull-stop', transfer });
  }

  /** Something about a transfer that is not under way: late if it was stopped lately, else uncalled for. */
  #unasked(from: NodeId, transfer: number, bytes: number): void {
    const name = `${from}/${transfer}`;
    const left = (this.#lateBytes.get(name) ?? 0) - bytes;
    if (left >= 0) this.#lateBytes.set(name, left);
    else this.#host.misbehaved(from, 'bytes nobody asked for');
  }

  /** Gives a silent sender up. One look for many chunks: setting a timer for each would cost more than the chunk. */
  #watch(pull: Pull, delayMs: number): void {
    this.#host.after(timerName(pull), delayMs, () => {
      if (pull.state !== 'asked' && pull.state !== 'receiving') return;
      const idleMs = this.#host.now() - pull.lastProgressAt;
      if (idleMs < PULL_TIMEOUT_MS) return this.#watch(pull, PULL_TIMEOUT_MS - idleMs);
      this.#host.count('transfers given up: the sender is silent');
      this.#fail(pull, 'aborted');
    });
  }

  #find(from: NodeId, digest: string): Pull | undefined {
    for (const pull of this.#pullByTransfer.values()) {
      if (pull.from === from && pull.block.digest === digest) return pull;
    }
    return undefined;
  }

  #ofSender(from: NodeId, transfer: number): Pull | undefined {
    const pull = this.#pullByTransfer.get(transfer);
    return pull?.from === from ? pull : undefined;
  }
}

function timerName(pull: Pull): string {
  return `pull:${pull.transfer}`;
}
