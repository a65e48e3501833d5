// Whom this node believes about copies. Who says that it holds a block and then cannot show it gets a mark; with enough of
// them it is not believed for a while: its word for copies counts for nothing, and replica sets are made without it, so that
// its copies come to others. Its messages are handled as ever, and what it offers can be taken: a digest proves itself.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';

/** What no correct node does; the names are for people. */
export type Misdeed =
  | 'a wrong proof of holding'
  | 'no proof of holding'
  | 'a copy claimed and denied'
  | 'wrong bytes'
  | 'a store without receipts'
  | 'offered blocks not given'
  | 'more offers than one may have waiting'
  | 'more questions for proofs than one may have waiting'
  | 'a proof that nobody asked for';

/** How a check of a claimed copy failed. */
export type Failure = 'wrong' | 'silent' | 'denied';

/**
 * Marks at which a node is no longer believed. One wrong hash is a lie. One silence may be a machine that has no time: the
 * second is not. Who denies a copy that it claimed may have lost it in between, to a user who cleared the disk: not thrice.
 */
const MARKS: Readonly<Record<Failure, number>> = { wrong: 3, silent: 2, denied: 1 };
const MAX_MARKS = 3;
const MISDEED_OF: Readonly<Record<Failure, Misdeed>> = {
  wrong: 'a wrong proof of holding',
  silent: 'no proof of holding',
  denied: 'a copy claimed and denied',
};
/** Whose disk fails, or machine stands still, for a moment shows nothing meanwhile: that is one failure, however many asked. */
const MOMENT_MS = 10_000;
/** Marks without a new one for so long are forgotten. */
const MARKS_LAST_MS = 10 * 60_000;
/** How long it is not believed the first time: a few repair rounds, in which its copies are made elsewhere. */
const DISBELIEF_MS = 10 * 60_000;
/** Each further time twice as long, up to this; and one mark is enough then. */
const MAX_DISBELIEF_MS = 60 * 60_000;
/** Nodes remembered: some leaf sets full of liars. Whoever comes back after more than these starts anew. */
const MAX_REMEMBERED = 1_000;

interface Entry {
  marks: number;
  markedAt: Instant;
  times: number;
  disbelievedUntil: Instant;
  doubtedUntil: Instant;
}

export class Reputation {
  readonly #now: () => Instant;
  readonly #misdeed: (nodeId: NodeId, what: Misdeed) => void;
  readonly #entryById = new BoundedMap<NodeId, Entry>(MAX_REMEMBERED);

  constructor(now: () => Instant, misdeed: (nodeId: NodeId, what: Misdeed) => void) {
    this.#now = now;
    this.#misdeed = misdeed;
  }

  /** A copy that this node claimed was not shown. True if it is not believed from now on. */
  failed(nodeId: NodeId, failure: Failure): boolean {
    this.#misdeed(nodeId, MISDEED_OF[failure]);
    const entry = this.#entryOf(nodeId);
    const now = this.#now();
    const sinceMarkMs = now - entry.markedAt;
    if (failure !== 'wrong' && sinceMarkMs < MOMENT_MS) return false;
    if (sinceMarkMs > MARKS_LAST_MS) entry.marks = 0;
    entry.marks += MARKS[failure];
    entry.markedAt = now;
    if (!this.isBelieved(nodeId) || entry.marks < (entry.times === 0 ? MAX_MARKS : 1)) return false;
    entry.marks = 0;
    entry.disbelievedUntil = now + Math.min(MAX_DISBELIEF_MS, DISBELIEF_MS * 2 ** entry.times);
    entry.times += 1;
    return true;
  }

  /** Others are asked before this node for a while. */
  doubt(nodeId: NodeId, what: Misdeed): void {
    this.#misdeed(nodeId, what);
    this.#entryOf(nodeId).doubtedUntil = this.#now() + DISBELIEF_MS;
  }

  isBelieved(nodeId: NodeId): boolean {
    return this.#now() >= (this.#entryById.get(nodeId)?.disbelievedUntil ?? 0);
  }

  /** How long it will still not be believed. */
  disbeliefMs(nodeId: NodeId): number {
    return Math.max(0, (this.#entryById.get(nodeId)?.disbelievedUntil ?? 0) - this.#now());
  }

  isDoubted(nodeId: NodeId): boolean {
    return this.#now() < (this.#entryById.get(nodeId)?.doubtedUntil ?? 0) || !this.isBelieved(nodeId);
  }

  #entryOf(nodeId: NodeId): Entry {
    const entry = this.#entryById.get(nodeId) ?? {
      marks: 0,
      markedAt: Number.NEGATIVE_INFINITY,
      times: 0,
      disbelievedUntil: 0,
      doubtedUntil: 0,
    };
    // Set anew each time, so that it is the youngest.
    this.#entryById.set(nodeId, entry);
    return entry;
  }
}
