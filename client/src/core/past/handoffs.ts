// Blocks held here that by this node's view belong to others (PAST, section 3.5: a node that leaves a replica set). The
// root is offered each and reports who has it; each named holder must confirm in person; then the copy is dropped.

import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { ReplyPayload } from '../pastry/messages.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Copies, Refuse } from './messages.ts';
import type { Offers } from './offers.ts';
import type { StandIns } from './stand-ins.ts';

/**
 * A copy outlives the last change of the leaf set, and its own arrival, by so long: longer than a graceful leave takes
 * (LEAVE_LIMIT_MS), so that the next in line does not drop what it is about to owe.
 */
export const DROP_GRACE_MS = 30_000;
/** A handoff that hangs for so long starts anew: a repair round. */
const HANDOFF_LIMIT_MS = 60_000;
/** Keys outside the leaf set cost a route each. */
const MAX_LOOKUPS = 8;
const LOOKUP_TIMEOUT_MS = 15_000;

interface Handoff {
  readonly block: BlockRef;
  readonly since: Instant;
  /** Who is to judge: the root, or a member in its place. */
  root: NodeId | undefined;
  /** It gave a word. */
  hasWord: boolean;
  wasLookedUp: boolean;
  named: readonly NodeId[];
  readonly confirmed: Set<NodeId>;
}

export class Handoffs {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #standIns: StandIns;
  readonly #confirmed: (block: BlockRef) => void;
  readonly #handoffByDigest = new Map<string, Handoff>();
  /** The root counts on these copies; not asked again until the ring changes. */
  readonly #settled = new Set<string>();
  readonly #toLookUp: Handoff[] = [];
  #lookups = 0;

  /** `confirmed` is called when enough others hold the block; it decides about dropping. */
  constructor(context: PastContext, offers: Offers, standIns: StandIns, confirmed: (block: BlockRef) => void) {
    this.#context = context;
    this.#offers = offers;
    this.#standIns = standIns;
    this.#confirmed = confirmed;
  }

  /** Starts or pursues the handoff of a held block; `root` if this node can tell. Call offers.flush() after it. */
  pursue(block: BlockRef, root: NodeId | undefined): void {
    if (this.#settled.has(block.digest)) return;
    const running = this.#handoffByDigest.get(block.digest);
    if (running !== undefined) {
      if (this.isConfirmed(block.digest)) {
        this.#confirmed(block);
        return;
      }
      if (this.#context.ring.now - running.since < HANDOFF_LIMIT_MS) return;
      if (running.root !== undefined && !running.hasWord) this.#standIns.silent(running.root);
    }
    const handoff: Handoff = {
      block,
      since: this.#context.ring.now,
      root,
      hasWord: false,
      wasLookedUp: false,
      named: [],
      confirmed: new Set(),
    };
    this.#handoffByDigest.set(block.digest, handoff);
    if (root === undefined) this.#lookUp(handoff);
    else this.#offers.add(root, block.digest, 'store');
  }

  /** True if the root said that it counts on this node's copy. */
  isSettled(digest: string): boolean {
    return this.#settled.has(digest);
  }

  /** The root that judged, and the holders that it named. */
  verdict(digest: string): { readonly root: NodeId; readonly named: readonly NodeId[] } | undefined {
    const handoff = this.#handoffByDigest.get(digest);
    return handoff?.root === undefined ? undefined : { root: handoff.root, named: handoff.named };
  }

  /** True if as many others as there should be copies have said themselves, lately, that they hold the block. */
  isConfirmed(digest: string): boolean {
    const handoff = this.#handoffByDigest.get(digest);
    return handoff !== undefined && handoff.confirmed.size >= this.#context.replicas;
  }

  /** The root's report: candidates, not proof. */
  copies(from: NodeId, { digest, holders }: Copies): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined || handoff.root !== from) return;
    this.#heard(handoff, from);
    if (holders.includes(this.#context.self)) {
      this.#handoffByDigest.delete(digest);
      this.#settled.add(digest);
      return;
    }
    if (holders.length < this.#context.replicas) return;
    handoff.named = [...new Set(holders)];
    for (const holder of handoff.named) {
      if (!handoff.confirmed.has(holder)) this.#offers.add(holder, digest, 'replicate');
    }
    this.#offers.flush();
  }

  /** Returns true if the holder's word counted for a running handoff. */
  holding(from: NodeId, digest: string): boolean {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined || !handoff.named.includes(from) || handoff.confirmed.has(from)) return false;
    handoff.confirmed.add(from);
    if (this.isConfirmed(digest)) this.#confirmed(handoff.block);
    return true;
  }

  /** Who was taken for the root denies it: ask the ring, once, for the real one. */
  refused(from: NodeId, { digest, reason }: Refuse): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined || handoff.root !== from) return;
    this.#heard(handoff, from);
    if (handoff.wasLookedUp || reason !== 'not-mine') return;
    this.#lookUp(handoff);
  }

  lost(from: NodeId, digest: string): void {
    this.#handoffByDigest.get(digest)?.confirmed.delete(from);
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, handoff] of this.#handoffByDigest) {
      handoff.confirmed.delete(nodeId);
      if (handoff.root === nodeId) this.#handoffByDigest.delete(digest);
    }
  }

  forget(digest: string): void {
    this.#handoffByDigest.delete(digest);
    this.#settled.delete(digest);
  }

  /** The ring has changed, or it was a while ago: all judgements are made anew. */
  reset(): void {
    this.#handoffByDigest.clear();
    this.#settled.clear();
    this.#toLookUp.length = 0;
  }

  #heard(handoff: Handoff, from: NodeId): void {
    handoff.hasWord = true;
    this.#standIns.spoke(from);
  }

  #lookUp(handoff: Handoff): void {
    handoff.root = undefined;
    handoff.hasWord = false;
    handoff.wasLookedUp = true;
    this.#toLookUp.push(handoff);
    this.#startLookups();
  }

  #startLookups(): void {
    while (this.#lookups < MAX_LOOKUPS) {
      const handoff = this.#toLookUp.shift();
      if (handoff === undefined) return;
      if (this.#handoffByDigest.get(handoff.block.digest) !== handoff) continue;
      this.#lookups += 1;
      this.#context.ring.route(
        handoff.block.key,
        { kind: 'lookup' },
        LOOKUP_TIMEOUT_MS,
        (reply) => this.#lookedUp(handoff, reply),
        () => this.#lookedUp(handoff, undefined),
      );
    }
  }

  #lookedUp(handoff: Handoff, reply: ReplyPayload | undefined): void {
    this.#lookups -= 1;
    const { digest } = handoff.block;
    if (this.#handoffByDigest.get(digest) === handoff && reply?.kind === 'found') {
      const root = reply.route.at(-1);
      if (root === undefined || root === this.#context.self) {
        this.#handoffByDigest.delete(digest);
      } else {
        this.#offerTo(handoff, root);
        // Its word would not do without the root's, but the block comes to where it belongs.
        if (this.#standIns.isSilent(root)) this.#findStandIn(handoff);
      }
    }
    this.#startLookups();
  }

  #findStandIn(handoff: Handoff): void {
    const { block } = handoff;
    this.#standIns.find(block, new Set([this.#context.self]), (member) => {
      const isAwaited = this.#handoffByDigest.get(block.digest) === handoff && !handoff.hasWord;
      if (isAwaited && member !== undefined) this.#offerTo(handoff, member);
    });
  }

  #offerTo(handoff: Handoff, judge: NodeId): void {
    handoff.root = judge;
    this.#offers.add(judge, handoff.block.digest, 'store');
    this.#offers.flush();
  }
}
