// The copies of the blocks for which this node's user cares, counted as they are now and not as they once were said to be:
// by what each holder says of itself, when it is asked, and by what this node learns as a holder (known-copies.ts). Deaths,
// departures and newcomers are followed at once, all else by a slow round.

import type { Instant } from '../io.ts';
import { closestIds, type NodeId } from '../pastry/id.ts';
import { type Outcome, routeOf } from '../pastry/routing/requests.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import { CopyCount, type Holders, holdersOf } from './copy-count.ts';
import { holdsAnswer } from './holds-answer.ts';
import type { MemberSearch } from './member-search.ts';
import type { Holds, HoldsRequest } from './messages.ts';
import { MAX_OFFER_BLOCKS } from './offers.ts';
import type { PurposeOf, SearchPurposeOf } from './purposes.ts';
import type { NodeView } from './replicas.ts';

/** Blocks watched at once: those of own files, 400 GB in segments. Of more only the first are counted. */
const MAX_WATCHED = 100_000;
/** What changes comes in groups. */
const DEBOUNCE_MS = 100;
/** Between two looks while answers are awaited, or more is to be asked than one look may. */
const LOOK_MS = 1_000;
/** Blocks asked about in one look: 40 KB of questions to k leaves. */
const MAX_ASKED_IN_LOOK = 200;
/** A leaf is linked; to another node a link is opened first. */
const LEAF_ANSWER_MS = 5_000;
const STRANGER_ANSWER_MS = 10_000;
const LOOKUP_TIMEOUT_MS = 15_000;
/** Blocks far from here cost a route and k links each: so many are asked about at once. */
const MAX_FAR_UNDER_WAY = 8;
/** Members of a far replica set taken from its root: k is at most 16, and each costs a link. */
const MAX_MEMBERS_TAKEN = 5;

export class CopyCounts {
  readonly #context: PastContext;
  readonly #search: MemberSearch;
  readonly #isLeaving: () => boolean;
  readonly #countByDigest = new Map<string, CopyCount>();
  /** To be looked at: something about them has changed, or not all could be asked at once. */
  readonly #unseen = new Set<string>();
  /** Far blocks whose root is being looked up, or asked. */
  readonly #farUnderWay = new Set<string>();
  #lookAt: Instant = Number.POSITIVE_INFINITY;

  constructor(context: PastContext, search: MemberSearch, isLeaving: () => boolean) {
    this.#context = context;
    this.#search = search;
    this.#isLeaving = isLeaving;
    context.known.changed = (digest) => this.#touch(digest);
    context.held.changed = (digest) => this.#touch(digest);
  }

  /** Counts a block's copies from now on, and tells of them whenever they change. `receipts`: who has just stored it. */
  watch(block: BlockRef, receipts: Holders): void {
    const { digest } = block;
    let count = this.#countByDigest.get(digest);
    if (count === undefined) {
      if (this.#countByDigest.size >= MAX_WATCHED) return;
      count = new CopyCount(block, this.#context.ring.newId(), this.#context.ring.now);
      this.#countByDigest.set(digest, count);
    }
    count.told = undefined;
    this.stored(digest, receipts);
    this.#touch(digest);
  }

  unwatch(digest: string): void {
    this.#countByDigest.delete(digest);
    this.#unseen.delete(digest);
    this.#farUnderWay.delete(digest);
  }

  /** A store of this node's has these receipts. */
  stored(digest: string, receipts: Holders): void {
    const count = this.#countByDigest.get(digest);
    if (count === undefined || receipts.size === 0) return;
    for (const [nodeId, device] of receipts) if (nodeId !== this.#context.self) count.holds(nodeId, device);
    const hasLess = [...count.holders.keys()].some((nodeId) => !receipts.has(nodeId));
    if (!count.isKnown) this.#putOff(count);
    // Its coordinator found a copy missing.
    else if (hasLess) count.nextAskAt = this.#context.ring.now;
    count.isKnown = true;
    this.#touch(digest);
    this.#tell(count);
  }

  /** Who else has shown that it holds the block, if it is watched. */
  holders(digest: string): Holders {
    return this.#countByDigest.get(digest)?.holders ?? new Map();
  }

  /** Another node asks which of these blocks are here. One that is leaving takes its copies with it. */
  asked(from: NodeId, request: HoldsRequest): void {
    this.#context.tell(from, holdsAnswer(this.#context, request, this.#isLeaving()));
  }

  /** Who was asked has answered. The device of a node near here is known; any other's stands in its receipt. */
  answered(from: NodeId, { digests, missing, pointers, receipts, members }: Holds): void {
    const near = this.#context.devices().get(from);
    const isBelieved = this.#context.reputation.isBelieved(from);
    for (const digest of digests) {
      const count = this.#countByDigest.get(digest);
      const receipt = receipts.find((one) => one.digest === digest && one.receiptFor === count?.order.receiptFor);
      const device = near ?? (receipt?.proof?.by === from ? receipt.proof.device : undefined);
      this.#heard(count, from, isBelieved ? device : undefined, members);
    }
    for (const digest of missing) this.#heard(this.#countByDigest.get(digest), from, undefined, members);
    for (const { digest, target } of pointers) {
      const count = this.#countByDigest.get(digest);
      // Who holds it in another one's place must say so itself.
      if (count?.isAsked(from) === true) this.#askFar(count, [target]);
      this.#heard(count, from, undefined, members);
    }
  }

  /** A node says, or has shown, that it does not have what it should. */
  lost(nodeId: NodeId, digest: string): void {
    this.#countByDigest.get(digest)?.lost(nodeId);
    this.#touch(digest);
  }

  /** It is dead, has left, or is not believed any more. */
  nodeFailed(nodeId: NodeId): void {
    for (const [digest, count] of this.#countByDigest) {
      if (!count.holders.has(nodeId) && !count.isAsked(nodeId) && !count.hasHeard(nodeId)) continue;
      count.forget(nodeId);
      this.#touch(digest);
    }
  }

  leafSetChanged(): void {
    for (const digest of this.#countByDigest.keys()) this.#touch(digest);
  }

  /** The ring was asked for the root of a far block. */
  rootFound({ digest }: PurposeOf<'count-root'>, outcome: Outcome): void {
    const count = this.#countByDigest.get(digest);
    if (count?.far !== 'lookup') return;
    count.far = 'root';
    this.#askFar(count, [...(routeOf(outcome)?.slice(-1) ?? []), ...count.holders.keys()]);
    this.#heardFar(count);
    this.#lookWithin(DEBOUNCE_MS);
  }

  /** The members of a far block's replica set were searched past its root. */
  membersFound({ digest }: SearchPurposeOf<'count-members'>, named: readonly NodeId[]): void {
    const count = this.#countByDigest.get(digest);
    if (count?.far !== 'search') return;
    count.far = 'members';
    this.#askFar(count, closestIds(count.block.key, named, MAX_MEMBERS_TAKEN));
    this.#heardFar(count);
    this.#touch(digest);
  }

  #touch(digest: string): void {
    if (!this.#countByDigest.has(digest)) return;
    this.#unseen.add(digest);
    this.#lookWithin(DEBOUNCE_MS);
  }

  #lookWithin(delayMs: number): void {
    const at = this.#context.ring.now + delayMs;
    if (at >= this.#lookAt) return;
    this.#lookAt = at;
    this.#context.after({ kind: 'count' }, delayMs, () => this.#look());
  }

  #look(): void {
    const { ring } = this.#context;
    this.#lookAt = Number.POSITIVE_INFINITY;
    // A joining node knows too little of the ring: what it counted would be too few.
    if (ring.status === 'joining') return this.#lookWithin(LOOK_MS);
    const due = this.#takeDue();
    const view = this.#context.view();
    const digestsByPeer = new Map<NodeId, string[]>();
    let asked = 0;
    for (const count of due) {
      const { digest, key } = count.block;
      count.isNear = this.#context.wholeReplicaSet(view, key) !== undefined;
      if (!this.#isComplete(count)) count.hasten(ring.now);
      // Also of one that has come near meanwhile: its round ends, or its place would never be free again.
      this.#heardFar(count);
      if (asked >= MAX_ASKED_IN_LOOK) {
        this.#unseen.add(digest);
      } else if (count.isNear) {
        const peers = this.#peersToAsk(count, view);
        if (peers.length > 0) asked += 1;
        for (const peer of peers) digestsByPeer.set(peer, [...(digestsByPeer.get(peer) ?? []), digest]);
      } else this.#lookFar(count);
      this.#tell(count);
    }
    for (const [peer, digests] of digestsByPeer) this.#ask(peer, digests);
    this.#scheduleNext();
  }

  /** Those of which something has changed, whose time has come, or for which answers did not come. */
  #takeDue(): readonly CopyCount[] {
    const { now } = this.#context.ring;
    const due: CopyCount[] = [];
    for (const [digest, count] of this.#countByDigest) {
      const hasExpired = count.expire(now);
      if (hasExpired || now >= count.nextAskAt || this.#unseen.has(digest)) due.push(count);
    }
    this.#unseen.clear();
    // Those that waited longest first, so that none is always left over.
    return due.sort((a, b) => a.nextAskAt - b.nextAskAt);
  }

  /** Of the members of a near replica set, and other holders, those that are to be asked now. */
  #peersToAsk(count: CopyCount, view: NodeView): readonly NodeId[] {
    const { known, replicas, ring, self } = this.#context;
    const { digest, key } = count.block;
    const members = view.replicaSet(key, replicas).filter((nodeId) => nodeId !== self);
    const isHeardOf = (nodeId: NodeId): boolean =>
      count.hasHeard(nodeId) || known.holderFor(digest, nodeId) !== undefined;
    const isDue = ring.now >= count.nextAskAt;
    if (isDue) this.#putOff(count);
    if (members.every(isHeardOf)) count.isKnown = true;
    const peers = isDue ? new Set([...members, ...count.holders.keys()]) : members.filter((peer) => !isHeardOf(peer));
    return [...peers].filter((peer) => !count.isAsked(peer));
  }

  /** A block beyond the leaf set: its root is looked up, and names the others. */
  #lookFar(count: CopyCount): void {
    const { ring } = this.#context;
    const { digest, key } = count.block;
    if (count.far !== undefined || ring.now < count.nextAskAt || this.#farUnderWay.size >= MAX_FAR_UNDER_WAY) return;
    this.#farUnderWay.add(digest);
    count.beginFar();
    this.#putOff(count);
    ring.ask(key, { kind: 'lookup' }, LOOKUP_TIMEOUT_MS, { type: 'count-root', digest });
  }

  /** If all that were asked have answered, or were silent: a root that names too few may lie, so its neighbours are asked too. */
  #heardFar(count: CopyCount): void {
    const { block, far } = count;
    if (count.isWaiting || (far !== 'root' && far !== 'members')) return;
    if (far === 'root' && !this.#isComplete(count)) {
      count.far = 'search';
      return this.#search.begin(block, undefined, { type: 'count-members', digest: block.digest });
    }
    count.endFar();
    this.#farUnderWay.delete(block.digest);
  }

  #askFar(count: CopyCount, peers: Iterable<NodeId>): void {
    const { digest, key } = count.block;
    for (const peer of peers) {
      if (peer === this.#context.self || count.isAsked(peer) || count.hasHeard(peer)) continue;
      count.asked(peer, this.#context.ring.now + STRANGER_ANSWER_MS);
      this.#context.tell(peer, { type: 'holds?', key, digests: [digest], orders: [count.order] });
    }
  }

  #ask(peer: NodeId, digests: readonly string[]): void {
    for (let start = 0; start < digests.length; start += MAX_OFFER_BLOCKS) {
      const asked = digests.slice(start, start + MAX_OFFER_BLOCKS);
      for (const digest of asked) this.#countByDigest.get(digest)?.asked(peer, this.#context.ring.now + LEAF_ANSWER_MS);
      this.#context.tell(peer, { type: 'holds?', key: peer, digests: asked, orders: [] });
    }
  }

  #heard(count: CopyCount | undefined, from: NodeId, device: string | undefined, members: readonly NodeId[]): void {
    if (count === undefined || !count.answered(from, device)) return;
    const { digest } = count.block;
    if (!count.isNear) {
      this.#askFar(count, members.slice(0, MAX_MEMBERS_TAKEN));
      this.#heardFar(count);
    }
    this.#touch(digest);
  }

  #putOff(count: CopyCount): void {
    count.putOff(this.#context.ring.now, this.#countByDigest.size, this.#isComplete(count));
  }

  #isComplete(count: CopyCount): boolean {
    return new Set(holdersOf(count, this.#context).values()).size >= this.#context.replicas;
  }

  #scheduleNext(): void {
    const { now } = this.#context.ring;
    let next = this.#unseen.size > 0 ? LOOK_MS : Number.POSITIVE_INFINITY;
    for (const { isWaiting, nextAskAt } of this.#countByDigest.values())
      next = Math.min(next, Math.max(LOOK_MS, isWaiting ? LOOK_MS : nextAskAt - now));
    if (next < Number.POSITIVE_INFINITY) this.#lookWithin(next);
  }

  #tell(count: CopyCount): void {
    if (!count.isKnown) return;
    const { digest } = count.block;
    const holders = [...holdersOf(count, this.#context)].map(([nodeId, device]) => ({ nodeId, device }));
    if (holders.length === 0 && count.moveOn(this.#context.ring.now)) return this.#touch(digest);
    const told = holders.map(({ nodeId, device }) => `${nodeId} ${device}`).join();
    if (told === count.told) return;
    count.told = told;
    this.#context.ring.emit({ type: 'counted', digest, holders });
  }
}
