// Pulls blocks from other nodes: asks, collects the chunks in order, checks the digest, keeps the block if the core wants
// it kept, and tells the core. Where no link to the holder can be had, linked nodes are asked to bring the block. Bounded in
// memory; a silent sender is given up; nothing is taken that was not asked for.

import { BoundedMap } from '../core/bounded-map.ts';
import type { PullFailure } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import {
  BRING_TIMEOUT_MS,
  LATE_CHUNK_BYTES,
  MAX_REMEMBERED_PULLS,
  PULL_TIMEOUT_MS,
  SILENT_HOLDER_MS,
  SILENT_OPENING_MS,
} from './limits.ts';
import type { LocalBlocks } from './local-blocks.ts';
import { PullPlaces } from './pull-places.ts';
import { ReceivedBytes } from './received-bytes.ts';
import type { TransferHost } from './transfers.ts';

/** own: ordered by the core. for-another: by a node that has no link to the holder, and waits for the bytes. */
type Purpose =
  | { readonly type: 'own'; readonly block: BlockRef; keep: boolean; hurry: boolean }
  | { readonly type: 'for-another'; readonly done: (bytes: Uint8Array | undefined) => void };

interface Pull {
  /** Another one each time that somebody is asked. */
  transfer: number;
  /** The node that has the block. */
  readonly from: NodeId;
  /** The node that is asked for it: `from` itself, or one that brings it. */
  via: NodeId;
  /** Nodes to be asked to bring it if `via` fails; undefined until no link to `from` is found to open. */
  carriers: NodeId[] | undefined;
  readonly digest: string;
  /** Bytes; 0 if nobody said. */
  readonly size: number;
  readonly purpose: Purpose;
  /** settling: all bytes are here and are being checked and stored. */
  state: 'waiting' | 'asked' | 'receiving' | 'settling' | 'over';
  bytes: ReceivedBytes;
  lastProgressAt: number;
}

const NO_BYTES = new ReceivedBytes(0);

export class Incoming {
  readonly #host: TransferHost;
  readonly #blocks: LocalBlocks;
  readonly #maxBytes: number;
  /** In the order in which they were ordered. */
  readonly #pulls = new Set<Pull>();
  /** Stopped pulls: how many bytes may still come that were on their way. */
  readonly #lateBytes = new BoundedMap<string, number>(MAX_REMEMBERED_PULLS);
  #lastTransfer = 0;

  constructor(host: TransferHost, blocks: LocalBlocks, maxBytes: number) {
    this.#host = host;
    this.#blocks = blocks;
    this.#maxBytes = maxBytes;
  }

  /** `hurry`: whoever gives no word soon is passed over, for others may have it. */
  pull(from: NodeId, block: BlockRef, keep: boolean, hurry: boolean): void {
    const known = this.#find(from, block.digest);
    if (known?.purpose.type === 'own') {
      known.purpose.keep ||= keep;
      known.purpose.hurry &&= hurry;
      return;
    }
    this.#add(from, block.digest, block.size, { type: 'own', block, keep, hurry });
    this.#askNext();
  }

  /** Gets a block for another node, that has no link to `from`. Undefined if that fails. */
  bring(from: NodeId, digest: string): Promise<Uint8Array | undefined> {
    return new Promise((done) => {
      // At once: who asks on (Outgoing) has its own bound, and its turn must not wait for those who wait for it.
      this.#ask(this.#add(from, digest, 0, { type: 'for-another', done }), from);
    });
  }

  stop(from: NodeId, digest: string): void {
    const pull = this.#find(from, digest);
    if (pull !== undefined) this.#end(pull);
  }

  /** The sender's announcement of the size. */
  sending(via: NodeId, transfer: number, size: number): void {
    const pull = this.#ofSender(via, transfer);
    if (pull === undefined || pull.state !== 'asked') return this.#unasked(via, transfer, 1);
    const isPossible = pull.size === 0 ? size <= this.#maxBytes : size === pull.size;
    if (!isPossible) return this.#fail(pull, 'corrupt');
    pull.state = 'receiving';
    pull.bytes = new ReceivedBytes(size);
    pull.lastProgressAt = this.#host.now();
    if (size === 0) void this.#settle(pull);
  }

  refused(via: NodeId, transfer: number): void {
    const pull = this.#ofSender(via, transfer);
    if (pull === undefined || !isUnderWay(pull)) this.#unasked(via, transfer, 1);
    else this.#fail(pull, 'aborted');
  }

  chunk(via: NodeId, transfer: number, offset: number, payload: Uint8Array): void {
    const pull = this.#ofSender(via, transfer);
    if (pull === undefined || pull.state !== 'receiving') return this.#unasked(via, transfer, payload.length);
    if (!pull.bytes.take(offset, payload)) {
      this.#host.misbehaved(via, 'a chunk out of place');
      return this.#fail(pull, 'corrupt');
    }
    pull.lastProgressAt = this.#host.now();
    this.#blocks.travelled(pull.digest, pull.bytes.received);
    if (pull.bytes.isWhole) void this.#settle(pull);
  }

  /** True if this peer is asked for blocks, or soon will be. */
  isBusy(peer: NodeId): boolean {
    for (const { via, state } of this.#pulls) if (via === peer && state !== 'settling') return true;
    return false;
  }

  linkClosed(peer: NodeId): void {
    const cut = [...this.#pulls].filter(({ via, state }) => via === peer && state !== 'settling');
    // All at once: one that only waited for its turn must not open the link again.
    const lost = cut.filter((pull) => (pull.state === 'waiting' ? !this.#mayGoRound(pull) : !this.#goRound(pull)));
    for (const pull of lost) this.#forget(pull);
    for (const pull of lost) this.#report(pull, 'aborted');
    this.#askNext();
  }

  #add(from: NodeId, digest: string, size: number, purpose: Purpose): Pull {
    const progress = { state: 'waiting', bytes: NO_BYTES, lastProgressAt: 0 } as const;
    const pull: Pull = { transfer: 0, from, via: from, carriers: undefined, digest, size, purpose, ...progress };
    this.#pulls.add(pull);
    return pull;
  }

  #askNext(): void {
    const places = new PullPlaces();
    for (const pull of this.#pulls) {
      if (pull.purpose.type !== 'own' || !places.take(pull)) continue;
      if (pull.state === 'waiting' && !this.#goRound(pull)) this.#ask(pull, pull.from);
    }
  }

  /** Asks `via`: the holder itself, or a node that is to bring the block. */
  #ask(pull: Pull, via: NodeId): void {
    const { from, digest } = pull;
    this.#host.cancel(timerName(pull));
    this.#lastTransfer = (this.#lastTransfer + 1) >>> 0;
    const transfer = this.#lastTransfer;
    const now = this.#host.now();
    Object.assign(pull, { transfer, via, state: 'asked', bytes: NO_BYTES, lastProgressAt: now });
    this.#watch(pull, this.#patienceMs(pull));
    const question = via === from ? ({ type: 'pull', transfer, digest } as const) : undefined;
    this.#host.sendControl(via, question ?? { type: 'bring', transfer, digest, source: from });
  }

  /** True if the holder cannot be asked itself, and there is a node that may bring the block. */
  #mayGoRound(pull: Pull): boolean {
    // What is brought for others is not brought on: two nodes might wait for each other.
    if (pull.purpose.type !== 'own') return false;
    if (pull.carriers === undefined && !this.#host.isCutOff(pull.from)) return false;
    pull.carriers ??= [...this.#host.carriersOf(pull.from)];
    return pull.carriers.length > 0;
  }

  /** Asks the next node that may bring the block. */
  #goRound(pull: Pull): boolean {
    const via = this.#mayGoRound(pull) ? pull.carriers?.shift() : undefined;
    if (via === undefined) return false;
    this.#host.count('blocks asked for through the ring');
    this.#ask(pull, via);
    return true;
  }

  async #settle(pull: Pull): Promise<void> {
    pull.state = 'settling';
    const { from, digest, purpose } = pull;
    let { bytes } = pull.bytes;
    const checking = this.#blocks.isRight(digest, bytes, (back) => {
      bytes = back;
    });
    // It fails if who checks dies with them.
    const isRight = await checking.catch(() => undefined);
    if (this.#isOver(pull)) return;
    if (isRight !== true) return this.#fail(pull, isRight === undefined ? 'aborted' : 'corrupt');
    if (purpose.type === 'for-another') {
      this.#end(pull);
      return purpose.done(bytes);
    }
    // Read once more after this: a second order for the same block may ask to keep it.
    const outcome = purpose.keep ? await this.#blocks.keep(purpose.block, bytes) : 'not-asked';
    const isKept = outcome === 'kept';
    if (this.#isOver(pull) && !isKept) return;
    this.#end(pull);
    this.#blocks.arrived(digest, bytes, isKept);
    const reason = outcome === 'malformed' ? 'malformed' : 'full';
    if (purpose.keep && !isKept) this.#report(pull, reason);
    else this.#host.dispatch({ type: 'block-arrived', from, digest, kept: isKept });
  }

  #isOver(pull: Pull): boolean {
    return pull.state === 'over';
  }

  #fail(pull: Pull, reason: PullFailure): void {
    // The sender may not know that its disk has gone bad: no misdeed, and the core tells it.
    if (reason === 'corrupt') this.#host.count('corrupt blocks received');
    const isDirect = pull.via === pull.from;
    if (isUnderWay(pull)) this.#stopSender(pull);
    if (pull.carriers !== undefined && this.#goRound(pull)) return;
    this.#forget(pull);
    // Who brought it had checked it: that says nothing about the holder's copy.
    this.#report(pull, isDirect ? reason : 'aborted');
    this.#askNext();
  }

  /** Tells who ordered a pull that it failed. */
  #report({ from, digest, purpose }: Pull, reason: PullFailure): void {
    if (purpose.type === 'for-another') purpose.done(undefined);
    else this.#host.dispatch({ type: 'block-failed', from, digest, reason });
  }

  /** Forgets a pull, tells its sender if that is still sending, and gives its place to the next. */
  #end(pull: Pull): void {
    if (isUnderWay(pull)) this.#stopSender(pull);
    this.#forget(pull);
    this.#askNext();
  }

  #forget(pull: Pull): void {
    this.#pulls.delete(pull);
    this.#host.cancel(timerName(pull));
    pull.state = 'over';
    pull.bytes = NO_BYTES;
  }

  #stopSender(pull: Pull): void {
    const { via, transfer } = pull;
    this.#lateBytes.set(`${via}/${transfer}`, LATE_CHUNK_BYTES);
    this.#host.sendControl(via, { type: 'pull-stop', transfer });
  }

  /** Something about a transfer that is not under way: late if it was stopped lately, else uncalled for. */
  #unasked(via: NodeId, transfer: number, bytes: number): void {
    const name = `${via}/${transfer}`;
    const left = (this.#lateBytes.get(name) ?? 0) - bytes;
    if (left >= 0) this.#lateBytes.set(name, left);
    else this.#host.misbehaved(via, 'bytes nobody asked for');
  }

  /** Gives a silent sender up. One look for many chunks: setting a timer for each would cost more than the chunk. */
  #watch(pull: Pull, delayMs: number): void {
    this.#host.after(timerName(pull), delayMs, () => {
      if (!isUnderWay(pull)) return;
      const limitMs = this.#patienceMs(pull);
      const idleMs = this.#host.now() - pull.lastProgressAt;
      if (idleMs < limitMs) return this.#watch(pull, limitMs - idleMs);
      if (limitMs < PULL_TIMEOUT_MS) return this.#fail(pull, 'silent');
      // A link that takes so long to open may never do.
      if (!this.#host.isOpen(pull.via)) pull.carriers ??= [...this.#host.carriersOf(pull.from)];
      else this.#host.count('transfers given up: the sender is silent');
      this.#fail(pull, 'aborted');
    });
  }

  /** How long it may stand still, milliseconds. */
  #patienceMs({ state, via, from, purpose }: Pull): number {
    if (state !== 'asked') return PULL_TIMEOUT_MS;
    if (via !== from) return BRING_TIMEOUT_MS;
    if (purpose.type !== 'own' || !purpose.hurry) return PULL_TIMEOUT_MS;
    return this.#host.isOpen(from) ? SILENT_HOLDER_MS : SILENT_OPENING_MS;
  }

  /** The core's own. */
  #find(from: NodeId, digest: string): Pull | undefined {
    for (const pull of this.#pulls) {
      if (pull.from === from && pull.digest === digest && pull.purpose.type === 'own') return pull;
    }
    return undefined;
  }

  #ofSender(via: NodeId, transfer: number): Pull | undefined {
    for (const pull of this.#pulls) if (pull.transfer === transfer && pull.via === via) return pull;
    return undefined;
  }
}

function isUnderWay({ state }: Pull): boolean {
  return state === 'asked' || state === 'receiving';
}

function timerName(pull: Pull): string {
  return `pull:${pull.transfer}`;
}
