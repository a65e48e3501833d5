// Leases that others bring (P44 to P47): renewals and tombstones. They are answered when they are durable, not before.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Lease } from './lease.ts';
import type { Leases, LeaseTaken } from './messages.ts';

/** Blocks whose leases are being written and asked after; more are not answered, and come again. */
const MAX_WAITING = 10_000;
/** Answers that wait for one block: k holders hand one tombstone on, and its owner brings it. */
const MAX_ANSWERS = 32;

interface Answer {
  readonly to: NodeId;
  readonly block: BlockRef;
  readonly answer: LeaseTaken;
}

export interface LeaseEvents {
  /** No owner wants a held block any more. */
  ended(block: BlockRef): void;
  /** There is a tombstone that others may lack. */
  deleted(): void;
  /** A block is on its way here. */
  isComing(digest: string): boolean;
}

export class LeaseDesk {
  readonly #context: PastContext;
  readonly #events: LeaseEvents;
  readonly #answersByDigest = new Map<string, Answer[]>();

  constructor(context: PastContext, events: LeaseEvents) {
    this.#context = context;
    this.#events = events;
  }

  receive(from: NodeId, { blocks, leases }: Leases): void {
    const blockByDigest = new Map(blocks.map((block) => [block.digest, block]));
    for (const lease of leases) {
      const block = blockByDigest.get(lease.digest);
      if (block !== undefined) this.#take(from, block, lease);
    }
  }

  /** What was known of a block's leases has been written, or cannot be. */
  written(digest: string, isKept: boolean): void {
    this.#context.leases.written(digest, isKept);
    const answers = this.#answersByDigest.get(digest);
    if (answers === undefined) return;
    if (!isKept) this.#answersByDigest.delete(digest);
    if (!isKept || this.#context.leases.isBeingWritten(digest)) return;
    this.#answersByDigest.delete(digest);
    for (const answer of answers) this.#tell(answer);
  }

  /** Tells a node that asks after a deleted block, or offers it, that it is deleted. */
  tellDeleted(to: NodeId, block: BlockRef): void {
    const leases = this.#context.leases.tombstones(block.digest);
    if (leases.length > 0) this.#context.tell(to, { type: 'leases', blocks: [block], leases });
  }

  /** Tells a node that thinks that there is a copy here why there is none. */
  tellOfDeletion(to: NodeId, digest: string): void {
    const block = this.#context.leases.blockOf(digest);
    if (block !== undefined) this.tellDeleted(to, block);
  }

  #take(from: NodeId, offered: BlockRef, lease: Lease): void {
    const { held, leases, ring } = this.#context;
    const { digest, owner } = lease;
    const isHeld = held.has(digest);
    const block = held.get(digest)?.block ?? offered;
    const fault = leases.faultOf(block, lease);
    if (fault !== undefined) return ring.count(`leases refused: ${fault}`);
    const isHere = isHeld || leases.get(digest, owner) !== undefined || this.#events.isComing(digest);
    const target = this.#context.pointers.get(digest)?.target;
    // Its copy is kept by who has it.
    if (target !== undefined && target !== from)
      this.#context.tell(target, { type: 'leases', blocks: [block], leases: [lease] });
    let isNews = false;
    if (isHere) isNews = leases.take(block, [lease]);
    else if (lease.ends && this.#isOurs(block)) isNews = leases.takeForeign(block, lease, from);
    if (leases.isUnwritten(digest) && !leases.isBeingWritten(digest)) leases.keepAgain(digest);
    const serial = leases.get(digest, owner)?.serial ?? 0;
    const answer = { to: from, block, answer: { digest, owner, serial, held: isHeld } };
    if (leases.isBeingWritten(digest)) this.#wait(digest, answer);
    else this.#tell(answer);
    if (lease.ends && isNews) this.#deleted(block, isHeld);
  }

  /** Another owner's lease keeps the block on, whatever its time: what a clock alone says is for the sweep to judge. */
  #deleted(block: BlockRef, isHeld: boolean): void {
    const isOver = this.#context.leases.of(block.digest).every(({ ends }) => ends);
    if (isHeld && isOver) this.#events.ended(block);
    this.#events.deleted();
  }

  /** A member for its key, so that copies would come back here. */
  #isOurs(block: BlockRef): boolean {
    return this.#context.ownReplicaSet(this.#context.view(), block.key) !== undefined;
  }

  #wait(digest: string, answer: Answer): void {
    const answers = this.#answersByDigest.get(digest) ?? [];
    if (answers.length >= MAX_ANSWERS || this.#answersByDigest.size >= MAX_WAITING) return;
    answers.push(answer);
    this.#answersByDigest.set(digest, answers);
  }

  #tell({ to, block, answer }: Answer): void {
    const members = this.#context.view().replicaSet(block.key, this.#context.replicas);
    const target = this.#context.pointers.get(block.digest)?.target;
    const standIn = target === undefined ? [] : [target];
    this.#context.tell(to, { type: 'leased', leased: [answer], members: [...members, ...standIn] });
  }
}
