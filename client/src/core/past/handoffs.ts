// Blocks held here that by this node's view belong to others (PAST, section 3.5: a node that leaves a replica set). The
// root is offered each and names who has it; each of those must say so itself, and at last prove it; then the copy is dropped.

import type { NodeId } from '../pastry/id.ts';
import { type Outcome, routeOf } from '../pastry/routing/requests.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Coordinators } from './coordinators.ts';
import { KEEP_DISPLACED_MS } from './drop-judgement.ts';
import { type Handoff, type HandoffProgress, nameOf } from './handoff.ts';
import type { Challenge, HoldingProofs, ProofVerdict } from './holding-proofs.ts';
import type { Copies, Refuse } from './messages.ts';
import type { Offers } from './offers.ts';
import type { PurposeOf, SearchPurposeOf } from './purposes.ts';

/** A handoff that hangs for so long starts anew: a repair round. */
const HANDOFF_LIMIT_MS = 60_000;
/** Keys outside the leaf set cost a route each. */
const MAX_LOOKUPS = 8;
const LOOKUP_TIMEOUT_MS = 15_000;

export class Handoffs {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #coordinators: Coordinators;
  readonly #proofs: HoldingProofs;
  readonly #confirmed: (block: BlockRef) => void;
  readonly #handoffByDigest = new Map<string, Handoff>();
  /** The root counts on these copies; not asked again until the ring changes. */
  readonly #settled = new Set<string>();
  readonly #toLookUp: Handoff[] = [];
  #lookups = 0;
  #lastNumber = 0;

  /** `confirmed` is called when enough others say that they hold the block, or prove it; it decides what comes next. */
  constructor(
    context: PastContext,
    offers: Offers,
    coordinators: Coordinators,
    proofs: HoldingProofs,
    confirmed: (block: BlockRef) => void,
  ) {
    this.#context = context;
    this.#offers = offers;
    this.#coordinators = coordinators;
    this.#proofs = proofs;
    this.#confirmed = confirmed;
  }

  /**
   * Starts or pursues the handoff of a held block. `members`: its replica set, the root first, if this node can tell. Call
   * offers.flush() after it.
   */
  pursue(block: BlockRef, members: readonly NodeId[] | undefined): void {
    if (this.#settled.has(block.digest)) return;
    const root = members?.[0];
    const running = this.#handoffByDigest.get(block.digest);
    if (running !== undefined) {
      if (this.isConfirmed(block.digest)) return this.#confirmed(block);
      if (this.#context.ring.now - running.since < HANDOFF_LIMIT_MS) return;
      // Whoever is to judge has not brought the block to where it belongs.
      if (running.judge !== undefined) this.#coordinators.silent(running.judge);
    }
    this.#lastNumber += 1;
    const handoff: Handoff = {
      number: this.#lastNumber,
      block,
      since: this.#context.ring.now,
      ...{ root, judge: root },
      wasLookedUp: false,
      named: running === undefined ? [] : (members ?? [...new Set([...running.named, ...running.full])]),
      full: new Set(),
      confirmed: new Set(),
      asked: new Set(),
      proven: new Set(),
    };
    this.#handoffByDigest.set(block.digest, handoff);
    if (root === undefined) this.#lookUp(handoff);
    else this.#offers.add(root, block.digest, 'store');
    for (const member of handoff.named) if (member !== root) this.#offers.add(member, block.digest, 'replicate');
  }

  /** True if the root said that it counts on this node's copy. */
  isSettled(digest: string): boolean {
    return this.#settled.has(digest);
  }

  /** True if as many others as there should be copies have said themselves, lately, that they hold the block. */
  isConfirmed(digest: string): boolean {
    const handoff = this.#handoffByDigest.get(digest);
    return handoff !== undefined && handoff.confirmed.size >= this.#context.replicas;
  }

  /** Those of the named who said that they hold the block. */
  holders(digest: string): Iterable<NodeId> {
    return this.#handoffByDigest.get(digest)?.confirmed ?? [];
  }

  /** Asks those who said that they hold the block to prove it, unless they have been asked since this handoff began. */
  prove(digest: string): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined) return;
    for (const peer of handoff.confirmed) {
      if (handoff.asked.has(peer)) continue;
      handoff.asked.add(peer);
      this.#proofs.ask({ peer, digest, purpose: 'handoff' });
    }
  }

  /** Who was asked has answered, or not. */
  proofSettled({ peer, digest }: Challenge, verdict: ProofVerdict): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined || !handoff.asked.has(peer)) return;
    if (verdict === 'right') {
      handoff.proven.add(peer);
      if (handoff.proven.size >= this.#context.replicas) this.#confirmed(handoff.block);
    } else {
      handoff.confirmed.delete(peer);
      handoff.proven.delete(peer);
    }
  }

  /** How far others have shown that this node's copy is not needed, for the judgement whether it may go. */
  progress(digest: string): HandoffProgress | undefined {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff?.judge === undefined) return undefined;
    const { ring, replicas, self } = this.#context;
    const { key } = handoff.block;
    const { root = handoff.judge, named, confirmed, proven } = handoff;
    const members = ring.covers(key) ? this.#context.view().without(self).replicaSet(key, replicas) : undefined;
    return {
      ...{ root, named, confirmed: confirmed.size, proven: proven.size },
      provenDevices: this.#context.devicesOf(proven),
      devices: members === undefined ? undefined : this.#context.devicesOf(members),
    };
  }

  /** The root's report: candidates, not proof. */
  copies(from: NodeId, { digest, holders }: Copies): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff === undefined || handoff.judge !== from) return;
    this.#coordinators.spoke(from);
    if (holders.includes(this.#context.self)) {
      this.#handoffByDigest.delete(digest);
      this.#settled.add(digest);
      // Who does not count on this copy would never say that it has one too.
      for (const holder of holders) if (holder !== this.#context.self) this.#offers.add(holder, digest, 'replicate');
      return this.#offers.flush();
    }
    // A root that cannot reach who stands in for a member never reports enough: with the others it is asked for its own copy.
    const isEnough = holders.length >= this.#context.replicas;
    if (isEnough) handoff.named = [...new Set([...handoff.named, ...holders])];
    for (const holder of isEnough ? handoff.named : [from]) {
      if (handoff.named.includes(holder) && !handoff.confirmed.has(holder))
        this.#offers.add(holder, digest, 'replicate');
    }
    this.#offers.flush();
  }

  /** One of the named says that another holds the copy in its place: that one is asked itself. */
  pointed(from: NodeId, digest: string, target: NodeId): void {
    const handoff = this.#handoffByDigest.get(digest);
    if (handoff?.named.includes(from) !== true || [...handoff.named, this.#context.self].includes(target)) return;
    handoff.named = [...handoff.named, target];
    this.#offers.add(target, digest, 'replicate');
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
    if (handoff === undefined || handoff.judge !== from) return;
    if (reason === 'full') return this.#passOver(handoff, from);
    this.#coordinators.spoke(from);
    if (handoff.wasLookedUp || reason !== 'not-mine') return;
    this.#lookUp(handoff);
  }

  /** A root without room has nothing to report of: another member does. It may point to a copy in its place, as any member may. */
  #passOver(handoff: Handoff, root: NodeId): void {
    if (handoff.full.has(root)) return;
    handoff.full.add(root);
    if (handoff.named.includes(root)) this.#offers.add(root, handoff.block.digest, 'replicate');
    this.#offers.flush();
    this.#coordinators.silent(root);
    this.#coordinators.search(handoff.block, root, { type: 'handoff-coordinator', ...nameOf(handoff) });
  }

  lost(from: NodeId, digest: string): void {
    const handoff = this.#handoffByDigest.get(digest);
    handoff?.confirmed.delete(from);
    handoff?.proven.delete(from);
  }

  /** It is dead, or not believed any more. */
  nodeFailed(nodeId: NodeId): void {
    for (const [digest, handoff] of this.#handoffByDigest) {
      handoff.confirmed.delete(nodeId);
      handoff.proven.delete(nodeId);
      if (handoff.judge === nodeId) this.#handoffByDigest.delete(digest);
    }
  }

  forget(digest: string): void {
    this.#handoffByDigest.delete(digest);
    this.#settled.delete(digest);
  }

  /** It was a while ago: judgements are made anew, but for those that only wait for their time. */
  renew(): void {
    const { held, ring } = this.#context;
    for (const digest of this.#handoffByDigest.keys()) {
      const displacedAt = held.get(digest)?.displacedAt ?? ring.now;
      if (!this.isConfirmed(digest) || ring.now - displacedAt >= KEEP_DISPLACED_MS)
        this.#handoffByDigest.delete(digest);
    }
    this.#settled.clear();
  }

  /** The ring has changed: all judgements are made anew. */
  reset(): void {
    this.#handoffByDigest.clear();
    this.#settled.clear();
    this.#toLookUp.length = 0;
  }

  #lookUp(handoff: Handoff): void {
    handoff.judge = undefined;
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
      const purpose = { type: 'handoff-root', ...nameOf(handoff) } as const;
      this.#context.ring.ask(handoff.block.key, { kind: 'lookup' }, LOOKUP_TIMEOUT_MS, purpose);
    }
  }

  /** The ring was asked for a root. */
  rootFound(purpose: PurposeOf<'handoff-root'>, outcome: Outcome): void {
    this.#lookups -= 1;
    const handoff = this.#handoffOf(purpose);
    const root = routeOf(outcome)?.at(-1);
    if (handoff !== undefined && root !== undefined) {
      handoff.root = root;
      if (root === this.#context.self) {
        this.#handoffByDigest.delete(purpose.digest);
      } else {
        this.#offerTo(handoff, root);
        // Its word would not do without the root's, but the block comes to where it belongs.
        if (this.#coordinators.isSilent(root)) {
          this.#coordinators.search(handoff.block, root, { type: 'handoff-coordinator', ...nameOf(handoff) });
        }
      }
    }
    this.#startLookups();
  }

  /** The ring was asked who may take the place of a root that gives no word. */
  coordinatorFound(purpose: SearchPurposeOf<'handoff-coordinator'>, named: readonly NodeId[]): void {
    const handoff = this.#handoffOf(purpose);
    if (handoff === undefined || this.isConfirmed(purpose.digest)) return;
    const member = this.#coordinators.closest(handoff.block, named, new Set([this.#context.self]));
    if (member !== undefined) this.#offerTo(handoff, member);
  }

  /** The handoff that asked, if it is not over. */
  #handoffOf({
    digest,
    session,
  }: PurposeOf<'handoff-root'> | SearchPurposeOf<'handoff-coordinator'>): Handoff | undefined {
    const handoff = this.#handoffByDigest.get(digest);
    return handoff?.number === session ? handoff : undefined;
  }

  #offerTo(handoff: Handoff, judge: NodeId): void {
    handoff.judge = judge;
    this.#offers.add(judge, handoff.block.digest, 'store');
    this.#offers.flush();
  }
}
