// Sends blocks that other nodes pull, also such as it first has to bring from a node that the asker cannot reach. Each link
// is filled to a low mark only, so that messages never wait behind more than that; the transfers of one link take turns
// chunk by chunk; blocks in memory are bounded over all links, and links that are slow, or have more of it, give memory up
// to others: their blocks are loaded again later.

import { Budgets } from '../core/budgets.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { CHUNK_BYTES } from '../wire/limits.ts';
import { BringPlaces, type Errand } from './bring-places.ts';
import {
  MAX_OUTGOING,
  MAX_WAITING_PULLS,
  PULLS_IN_VAIN,
  PUSH_TIMEOUT_MS,
  REFILL_BYTES,
  SLOW_LINK_MS,
} from './limits.ts';
import type { LocalBlocks } from './local-blocks.ts';
import type { TransferHost } from './transfers.ts';

interface Push {
  readonly transfer: number;
  readonly digest: string;
  /** Where the block is, if it may not be here. */
  readonly errand: Errand | undefined;
  bytes: Uint8Array;
  offset: number;
  /** waiting: not in memory, not yet or no longer. */
  state: 'waiting' | 'loading' | 'sending';
  /** The receiver knows the size. */
  isAnnounced: boolean;
}

interface Receiver {
  /** In turn: the first sends the next chunk, then goes to the end. */
  readonly pushes: Push[];
  lastChunkAt: number;
}

const NO_BYTES = new Uint8Array();
/** Looks for links that have become slow while blocks wait for memory. */
const MEMORY_TIMER = 'push';

export class Outgoing {
  readonly #host: TransferHost;
  readonly #blocks: LocalBlocks;
  readonly #sent: (peer: NodeId, digest: string, size: number) => void;
  readonly #bring: (source: NodeId, digest: string) => Promise<Uint8Array | undefined>;
  readonly #receiverByPeer = new Map<NodeId, Receiver>();
  /** Blocks being loaded or in memory. */
  #inMemory = 0;
  readonly #places = new BringPlaces();
  readonly #budgets = new Budgets(PULLS_IN_VAIN);

  /** `sent` is told of each block whose last bytes have been handed to the link; `bring` gets a block of another node's. */
  constructor(
    host: TransferHost,
    blocks: LocalBlocks,
    sent: (peer: NodeId, digest: string, size: number) => void,
    bring: (source: NodeId, digest: string) => Promise<Uint8Array | undefined>,
  ) {
    this.#host = host;
    this.#blocks = blocks;
    this.#sent = sent;
    this.#bring = bring;
  }

  /** `errand`: whence to bring the block if it is not here. */
  pullAsked(peer: NodeId, transfer: number, digest: string, errand?: Errand): void {
    const receiver = this.#receiverByPeer.get(peer) ?? { pushes: [], lastChunkAt: this.#host.now() };
    if (receiver.pushes.some((push) => push.transfer === transfer)) {
      this.#host.misbehaved(peer, 'one transfer id twice');
      return;
    }
    const isTooMuch = !this.#budgets.take(peer, this.#host.now());
    if (isTooMuch) this.#host.misbehaved(peer, 'pulls in vain');
    if (isTooMuch || receiver.pushes.length >= MAX_WAITING_PULLS) {
      this.#host.sendControl(peer, { type: 'pull-refused', transfer, reason: 'busy' });
      return;
    }
    this.#receiverByPeer.set(peer, receiver);
    const push: Push = { transfer, digest, errand, bytes: NO_BYTES, offset: 0, state: 'waiting', isAnnounced: false };
    receiver.pushes.push(push);
    this.#loadNext();
  }

  pullStopped(peer: NodeId, transfer: number): void {
    const push = this.#receiverByPeer.get(peer)?.pushes.find((candidate) => candidate.transfer === transfer);
    if (push !== undefined) this.#remove(peer, push);
  }

  /** True if this peer waits for blocks. */
  isBusy(peer: NodeId): boolean {
    return this.#receiverByPeer.has(peer);
  }

  linkClosed(peer: NodeId): void {
    for (const push of [...(this.#receiverByPeer.get(peer)?.pushes ?? [])]) this.#remove(peer, push);
  }

  drained(peer: NodeId): void {
    const receiver = this.#receiverByPeer.get(peer);
    // Until the buffer is above the mark, no further call would come.
    while (receiver !== undefined && this.#host.bufferedBytes(peer) <= REFILL_BYTES) {
      const push = receiver.pushes.find(({ state }) => state === 'sending');
      if (push === undefined) return this.#loadNext();
      this.#sendChunk(peer, receiver, push);
    }
  }

  #sendChunk(peer: NodeId, receiver: Receiver, push: Push): void {
    const { transfer, bytes, offset } = push;
    push.offset = Math.min(bytes.length, offset + CHUNK_BYTES);
    receiver.lastChunkAt = this.#host.now();
    // Out of the list before the frame goes, whose receiver may close the link at once.
    if (push.offset === bytes.length) this.#remove(peer, push);
    else receiver.pushes.push(...receiver.pushes.splice(receiver.pushes.indexOf(push), 1));
    this.#host.sendChunk(peer, transfer, offset, bytes.subarray(offset, push.offset));
    this.#blocks.travelled(push.digest, push.offset);
    if (push.offset === bytes.length) this.#allSent(peer, push.digest, bytes.length);
  }

  #allSent(peer: NodeId, digest: string, size: number): void {
    this.#budgets.giveBack(peer);
    this.#sent(peer, digest, size);
  }

  /** Loads waiting blocks while there is memory, those of the peers with the fewest in memory first. */
  #loadNext(): void {
    for (;;) {
      const isFull = this.#inMemory >= MAX_OUTGOING;
      const next = this.#nextWaiting(isFull);
      if (next === undefined) return;
      if (isFull && !this.#makeRoom(next.inMemory)) {
        this.#host.after(MEMORY_TIMER, SLOW_LINK_MS, () => this.#loadNext());
        return;
      }
      this.#inMemory += 1;
      next.push.state = 'loading';
      void this.#load(next.peer, next.push);
    }
  }

  /** `needsRoom`: only for a link that could take a chunk now. */
  #nextWaiting(needsRoom: boolean): { peer: NodeId; push: Push; inMemory: number } | undefined {
    let next: { peer: NodeId; push: Push; inMemory: number } | undefined;
    for (const [peer, { pushes }] of this.#receiverByPeer) {
      const hasRoom = (errand: Errand | undefined): boolean =>
        errand === undefined || this.#places.hasRoomFor(peer, errand);
      const push = pushes.find(({ state, errand }) => state === 'waiting' && hasRoom(errand));
      const inMemory = pushes.filter(({ state }) => state !== 'waiting').length;
      if (push === undefined || inMemory >= (next?.inMemory ?? Number.POSITIVE_INFINITY)) continue;
      if (!needsRoom || this.#host.bufferedBytes(peer) <= REFILL_BYTES) next = { peer, push, inMemory };
    }
    return next;
  }

  /** Takes a block out of memory for a link with so many there: of one with more, or else of one that takes no chunks. */
  #makeRoom(inMemory: number): boolean {
    let victim: Push | undefined;
    let most = inMemory + 1;
    for (const { pushes, lastChunkAt } of this.#receiverByPeer.values()) {
      // What was brought from afar is not here to be read again.
      const sending = pushes.filter(({ state, errand }) => state === 'sending' && errand === undefined);
      const isSlow = this.#host.now() - lastChunkAt >= SLOW_LINK_MS;
      if (sending.length <= most && !(isSlow && victim === undefined)) continue;
      most = Math.max(most, sending.length);
      victim = sending.at(-1) ?? victim;
    }
    if (victim === undefined) return false;
    victim.bytes = NO_BYTES;
    victim.state = 'waiting';
    this.#inMemory -= 1;
    return true;
  }

  async #load(peer: NodeId, push: Push): Promise<void> {
    const bytes = await (push.errand === undefined
      ? this.#blocks.load(push.digest)
      : this.#fetch(peer, push.digest, push.errand));
    const receiver = this.#receiverByPeer.get(peer);
    if (receiver?.pushes.includes(push) !== true) return;
    const { transfer } = push;
    if (bytes === undefined) {
      this.#remove(peer, push);
      this.#host.sendControl(peer, { type: 'pull-refused', transfer, reason: 'not-held' });
      return;
    }
    if (!push.isAnnounced) {
      push.isAnnounced = true;
      this.#host.sendControl(peer, { type: 'sending', transfer, size: bytes.length });
      this.#watch(peer, PUSH_TIMEOUT_MS);
    }
    if (bytes.length === 0) {
      this.#remove(peer, push);
      this.#allSent(peer, push.digest, 0);
      return;
    }
    push.bytes = bytes;
    push.state = 'sending';
    this.drained(peer);
  }

  /** From this node's own disk if it is there, else from where it is. */
  async #fetch(peer: NodeId, digest: string, errand: Errand): Promise<Uint8Array | undefined> {
    this.#places.begin(peer, errand);
    const bytes = (await this.#blocks.load(digest)) ?? (await this.#bring(errand.source, digest));
    this.#places.end(peer, errand);
    this.#host.count(bytes === undefined ? 'blocks not brought for others' : 'blocks brought for others');
    this.#loadNext();
    return bytes;
  }

  #remove(peer: NodeId, push: Push): void {
    const receiver = this.#receiverByPeer.get(peer);
    const index = receiver?.pushes.indexOf(push) ?? -1;
    if (receiver === undefined || index < 0) return;
    receiver.pushes.splice(index, 1);
    if (receiver.pushes.length === 0) {
      this.#receiverByPeer.delete(peer);
      this.#host.cancel(timerName(peer));
    }
    if (push.state === 'waiting') return;
    this.#inMemory -= 1;
    this.#loadNext();
  }

  /** Gives up on a peer whose link takes no chunks. One look for many chunks: setting a timer for each would cost more. */
  #watch(peer: NodeId, delayMs: number): void {
    this.#host.after(timerName(peer), delayMs, () => {
      const receiver = this.#receiverByPeer.get(peer);
      if (receiver === undefined) return;
      const idleMs = this.#host.now() - receiver.lastChunkAt;
      if (idleMs < PUSH_TIMEOUT_MS) this.#watch(peer, PUSH_TIMEOUT_MS - idleMs);
      else this.#giveUp(peer, receiver);
    });
  }

  #giveUp(peer: NodeId, receiver: Receiver): void {
    this.#host.count('transfers given up: the receiver takes nothing');
    for (const push of [...receiver.pushes]) {
      this.#remove(peer, push);
      this.#host.sendControl(peer, { type: 'pull-refused', transfer: push.transfer, reason: 'busy' });
    }
  }
}

function timerName(peer: NodeId): string {
  return `push:${peer}`;
}
