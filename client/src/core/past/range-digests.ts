// Anti-entropy by digests of ranges (Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987: checksums
// before lists; by ranges: Meyer, "Range-based set reconciliation", SRDS 2023). What two members have told each other that both hold is asked
// after in one message, and only where their sets differ is it offered again.
//
// A digest makes nothing known. Where digests agree nothing is noted and nobody answers: each copy counts as it did before, by what
// its holder has said of it or proved. So whoever answers falsely, or not at all, can bring about offers, and no drop.

import { Budgets } from '../budgets.ts';
import type { NodeId } from '../pastry/id.ts';
import type { Rate } from '../token-bucket.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import { cut, type Part, rangeOf, sortedByKey } from './key-ranges.ts';
import type { RangeDigests as Message, RangesDiffer } from './messages.ts';
import { MAX_OFFER_BLOCKS, type Offers } from './offers.ts';
import { SetDigest } from './set-digest.ts';

/** Ranges that differ in one message up to which each is looked at more closely: of many the blocks are offered at once. */
const FEW_RANGES = 2;
/** Closer looks at what is shared with one peer, in one round: two differences among 100,000 blocks take four. */
const MAX_CLOSER_LOOKS = 4;
/** Questions of one leaf: those of a round, and full again before the next. Each costs a walk over all blocks that are held. */
const OF_LEAF: Rate = { burst: 1 + MAX_CLOSER_LOOKS, perSecond: (1 + MAX_CLOSER_LOOKS) / 240 };

/** Of one peer, in one round. */
interface Looks {
  left: number;
}

/** A message that may be answered. */
interface Asked {
  readonly peer: NodeId;
  readonly parts: readonly Part[];
  readonly looks: Looks;
}

export class RangeDigests {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #sharedByPeer = new Map<NodeId, BlockRef[]>();
  readonly #askedByNonce = new Map<string, Asked>();
  readonly #budgets = new Budgets(OF_LEAF);

  constructor(context: PastContext, offers: Offers) {
    this.#context = context;
    this.#offers = offers;
  }

  /** A held block that a peer has said it holds too; `flush` asks after all of a peer's. */
  add(peer: NodeId, block: BlockRef): void {
    const shared = this.#sharedByPeer.get(peer);
    if (shared === undefined) this.#sharedByPeer.set(peer, [block]);
    else shared.push(block);
  }

  flush(): void {
    for (const [peer, shared] of this.#sharedByPeer) {
      const blocks = sortedByKey(shared);
      const from = blocks[0]?.key;
      if (from !== undefined) this.#ask(peer, cut({ from, end: from }, blocks), { left: MAX_CLOSER_LOOKS });
    }
    this.#sharedByPeer.clear();
  }

  /** Nobody answers what was asked in the last round any more. */
  expire(): void {
    this.#askedByNonce.clear();
  }

  /** Another node tells what it shares with this one, as it thinks: it hears where this one thinks otherwise. */
  asked(from: NodeId, message: Message): void {
    const { ring } = this.#context;
    const all = message.ranges.map((_, index) => index);
    // With who is no believed leaf nothing is shared, and it offers its blocks as to any other.
    if (!this.#context.isBelievedLeaf(from)) return this.#answer(from, message.nonce, all);
    if (!this.#budgets.take(from, ring.now)) return ring.count('range digests beyond the bound');
    const own = this.#sharedWith(from, message);
    const differing = all.filter((index) => {
      const theirs = message.ranges[index];
      return own[index]?.count !== theirs?.count || own[index]?.sum !== theirs?.sum;
    });
    if (differing.length > 0) this.#answer(from, message.nonce, differing);
  }

  /** These ranges differ, or a liar says so: the blocks in them are offered, as they all would be without digests. */
  answered(from: NodeId, { nonce, ranges }: RangesDiffer): void {
    const asked = this.#askedByNonce.get(nonce);
    if (asked?.peer !== from) return;
    this.#askedByNonce.delete(nonce);
    const differing = asked.parts.filter((_, index) => ranges.includes(index));
    for (const part of differing) {
      if (differing.length <= FEW_RANGES && this.#lookCloser(from, part, asked.looks)) continue;
      for (const { digest } of part.blocks) this.#offers.add(from, digest, 'replicate');
    }
    this.#offers.flush();
  }

  /** False if it is better, or necessary by now, to offer all blocks of the part. */
  #lookCloser(peer: NodeId, part: Part, looks: Looks): boolean {
    if (part.blocks.length <= MAX_OFFER_BLOCKS || looks.left === 0) return false;
    const parts = cut(part, part.blocks);
    if (parts.length === 1) return false;
    looks.left -= 1;
    this.#ask(peer, parts, looks);
    return true;
  }

  #ask(peer: NodeId, parts: readonly Part[], looks: Looks): void {
    const { held, leases, ring } = this.#context;
    const end = parts.at(-1)?.end;
    if (end === undefined) return;
    const nonce = ring.newId();
    const ranges = parts.map(({ from, blocks }) => {
      const set = new SetDigest(nonce);
      for (const block of blocks) if (held.has(block.digest)) set.add(block, leases.of(block.digest));
      return { from, count: set.count, sum: set.sum };
    });
    this.#askedByNonce.set(nonce, { peer, parts, looks });
    this.#context.tell(peer, { type: 'ranges', nonce, end, ranges });
  }

  #answer(to: NodeId, nonce: string, ranges: readonly number[]): void {
    this.#context.tell(to, { type: 'ranges-differ', nonce, ranges });
  }

  /**
   * For each range of a message a digest of the blocks that are held here, that this node would confirm to the other as a
   * member, and that the other has said it holds, being a member too.
   */
  #sharedWith(peer: NodeId, { nonce, end, ranges }: Message): readonly SetDigest[] {
    const { held, known, leases } = this.#context;
    const starts = ranges.map(({ from }) => from);
    const sets = starts.map(() => new SetDigest(nonce));
    const view = this.#context.view();
    for (const block of held.blocks()) {
      const index = rangeOf(block.key, starts, end);
      if (index === undefined || known.get(block.digest, peer) !== 'holds') continue;
      if (this.#context.ownReplicaSet(view, block.key)?.includes(peer) !== true) continue;
      sets[index]?.add(block, leases.of(block.digest));
    }
    return sets;
  }
}
