// Offers waiting to go to each peer, in batches: a peer gets the next batch when it has answered most of the last one,
// so that a node that holds thousands of blocks does not bury its neighbours after every change of the leaf set.

import type { NodeId } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Lease } from './lease.ts';
import type { Offer } from './messages.ts';
import type { Order } from './receipts.ts';

/** Blocks in one offer: about 30 KB as JSON, half of one data-channel message. */
export const MAX_OFFER_BLOCKS = 200;
/** With them: 230 bytes each, so that an offer can be sealed. A public block may have eight. */
const MAX_OFFER_LEASES = 200;
/** Unanswered blocks at which a peer gets more: the next batch leaves before the last is worked off. */
const REFILL_AT = MAX_OFFER_BLOCKS / 2;
/** A peer pulls 4 blocks of 4 MiB at a time: half a minute without one answer is a stall even at 5 Mbit/s. */
const STALL_MS = 30_000;

type Intent = Offer['intent'];

interface PeerQueue {
  readonly waiting: Map<string, Intent>;
  readonly unanswered: Map<string, Intent>;
}

export class Offers {
  readonly #context: PastContext;
  readonly #queueByPeer = new Map<NodeId, PeerQueue>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** Queues a held block for a peer; `flush` sends. */
  add(peer: NodeId, digest: string, intent: Intent): void {
    let queue = this.#queueByPeer.get(peer);
    if (queue === undefined) {
      queue = { waiting: new Map(), unanswered: new Map() };
      this.#queueByPeer.set(peer, queue);
    }
    if (queue.unanswered.get(digest) !== intent) queue.waiting.set(digest, intent);
  }

  /** Offers one block at once, past the queue: somebody waits for this copy. Unanswered, it is left to repair. */
  offerNow(peer: NodeId, block: BlockRef, intent: Intent, orders: readonly Order[]): void {
    const leases = this.#context.leases.of(block.digest);
    this.#context.tell(peer, { type: 'offer', blocks: [block], intent, orders, leases });
  }

  flush(): void {
    for (const [peer, queue] of this.#queueByPeer) this.#send(peer, queue);
  }

  /** The peer took or refused a block, or reported on it. */
  answered(peer: NodeId, digest: string): void {
    const queue = this.#queueByPeer.get(peer);
    if (queue?.unanswered.delete(digest) !== true) return;
    this.#context.after(timerName(peer), STALL_MS, () => this.#stalled(peer));
    this.#send(peer, queue);
  }

  forgetPeer(peer: NodeId): void {
    this.#queueByPeer.delete(peer);
    this.#context.cancel(timerName(peer));
  }

  #send(peer: NodeId, queue: PeerQueue): void {
    while (queue.unanswered.size <= REFILL_AT) {
      const batch = this.#takeBatch(queue);
      if (batch === undefined) break;
      for (const block of batch.blocks) queue.unanswered.set(block.digest, batch.intent);
      this.#context.after(timerName(peer), STALL_MS, () => this.#stalled(peer));
      this.#context.tell(peer, batch);
    }
    if (queue.unanswered.size === 0 && queue.waiting.size === 0) this.forgetPeer(peer);
  }

  #takeBatch(queue: PeerQueue): Offer | undefined {
    const blocks: BlockRef[] = [];
    const leases: Lease[] = [];
    let batchIntent: Intent | undefined;
    for (const [digest, intent] of queue.waiting) {
      if (blocks.length + queue.unanswered.size >= MAX_OFFER_BLOCKS) break;
      const held = this.#context.held.get(digest);
      if (held !== undefined && intent !== (batchIntent ?? intent)) continue;
      const known = this.#context.leases.of(digest);
      if (leases.length + known.length > MAX_OFFER_LEASES) break;
      queue.waiting.delete(digest);
      if (held === undefined) continue;
      batchIntent = intent;
      blocks.push(held.block);
      leases.push(...known);
    }
    return batchIntent === undefined ? undefined : { type: 'offer', blocks, intent: batchIntent, orders: [], leases };
  }

  /** The unanswered are not asked again here: the next repair round does, if they still matter. */
  #stalled(peer: NodeId): void {
    const queue = this.#queueByPeer.get(peer);
    if (queue === undefined) return;
    queue.unanswered.clear();
    this.#send(peer, queue);
  }
}

function timerName(peer: NodeId): PastTimer {
  return { kind: 'offers', key: peer };
}
