// Transfers under way towards this node: one for a digest, and a second one beside it where the first is slow (P71).

import type { PullFailure } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';

/** How a pull is made. */
export interface PullTerms {
  readonly keep: boolean;
  /** Others may have it: who gives no word soon is passed over. */
  readonly hurry?: boolean;
  /** Milliseconds; PULL_LIMIT_MS by default. */
  readonly limitMs?: number;
  /** Called when one of two that are asked fails, and the other goes on. */
  readonly fellBack?: PullListener;
}

/**
 * The longest a pull may take, whatever trickles in: 4 MiB in two minutes are 35 KB/s. The driver gives up a transfer
 * that stands still much sooner.
 */
export const PULL_LIMIT_MS = 120_000;

export type PullOutcome = 'arrived' | PullFailure;

/** `from`: whose bytes came, or who failed last. */
type PullListener = (outcome: PullOutcome, from: NodeId) => void;

/** `isBrought`: it came from there and was not to be kept, so the driver has its bytes at this moment, and perhaps no longer. */
type PullEnded = (digest: string, from: NodeId, isBrought: boolean) => void;

interface Pull {
  from: NodeId;
  /** Who is asked beside. */
  rival: NodeId | undefined;
  /** Of two that are asked one has failed, and the other goes on. */
  readonly fellBack: PullListener | undefined;
  readonly block: BlockRef;
  readonly keep: boolean;
  readonly listeners: PullListener[];
}

export class Pulls {
  readonly #context: PastContext;
  readonly #ended: PullEnded;
  readonly #pullByDigest = new Map<string, Pull>();

  /** `ended` is called after each pull, when its digest is free again. */
  constructor(context: PastContext, ended: PullEnded) {
    this.#context = context;
    this.#ended = ended;
  }

  isBusy(digest: string): boolean {
    return this.#pullByDigest.has(digest);
  }

  /** Starts a pull of a digest that is not busy; given up after `limitMs`. */
  start(
    from: NodeId,
    block: BlockRef,
    { keep, hurry = false, limitMs = PULL_LIMIT_MS, fellBack }: PullTerms,
    listener: PullListener,
  ): void {
    this.#pullByDigest.set(block.digest, { from, rival: undefined, fellBack, block, keep, listeners: [listener] });
    this.#context.after(timerName(block.digest), limitMs, () => this.#giveUp(block.digest, 'aborted'));
    this.#context.ring.emit({ type: 'pull', from, block, keep, hurry });
  }

  /** Asks another node too for a block that is being pulled, and not to be kept: who has it here first is taken. */
  race(digest: string, rival: NodeId, limitMs: number): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined || pull.keep || pull.rival !== undefined) return;
    pull.rival = rival;
    this.#context.after(timerName(digest), limitMs, () => this.#giveUp(digest, 'aborted'));
    this.#context.ring.emit({ type: 'pull', from: rival, block: pull.block, keep: false, hurry: true });
  }

  /** Tells also `listener` how the pull of a busy digest ends. */
  join(digest: string, listener: PullListener): void {
    this.#pullByDigest.get(digest)?.listeners.push(listener);
  }

  /** The driver has the bytes. */
  arrived(from: NodeId, digest: string, kept: boolean): void {
    const { held, ring } = this.#context;
    const pull = this.#pullByDigest.get(digest);
    // An earlier pull that was given up may have come through after all; its copy is as good if it was kept.
    const isAwaited = pull !== undefined && (isAsked(pull, from) || (pull.keep && kept));
    if (!isAwaited) {
      // Nobody would ever look at this copy again.
      if (kept && !held.has(digest)) ring.emit({ type: 'drop', digest });
      return;
    }
    this.#stopAsking(pull, from);
    this.#end(digest, pull.keep && !kept ? 'full' : 'arrived', from);
  }

  failed(from: NodeId, digest: string, reason: PullFailure): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined || !isAsked(pull, from)) return;
    if (pull.rival === undefined) return this.#end(digest, reason, from);
    if (pull.from === from) pull.from = pull.rival;
    pull.rival = undefined;
    pull.fellBack?.(reason, from);
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, pull] of [...this.#pullByDigest]) {
      if (!isAsked(pull, nodeId)) continue;
      this.#context.ring.emit({ type: 'stop-pull', from: nodeId, digest });
      this.failed(nodeId, digest, 'aborted');
    }
  }

  /** Stops a pull; its listeners hear that it was aborted. */
  stop(digest: string): void {
    this.#giveUp(digest, 'aborted');
  }

  stopAll(): void {
    for (const [digest, pull] of this.#pullByDigest) {
      this.#stopAsking(pull);
      this.#context.cancel(timerName(digest));
    }
    this.#pullByDigest.clear();
  }

  #giveUp(digest: string, outcome: PullOutcome): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined) return;
    this.#stopAsking(pull);
    this.#end(digest, outcome, pull.from);
  }

  /** `but`: not this one, who has given it. */
  #stopAsking({ from, rival, block: { digest } }: Pull, but?: NodeId): void {
    for (const asked of [from, rival]) {
      if (asked !== undefined && asked !== but) this.#context.ring.emit({ type: 'stop-pull', from: asked, digest });
    }
  }

  #end(digest: string, outcome: PullOutcome, from: NodeId): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined) return;
    this.#pullByDigest.delete(digest);
    this.#context.cancel(timerName(digest));
    for (const listener of pull.listeners) listener(outcome, from);
    this.#ended(digest, from, outcome === 'arrived' && !pull.keep);
  }
}

function isAsked({ from, rival }: Pull, nodeId: NodeId): boolean {
  return from === nodeId || rival === nodeId;
}

function timerName(digest: string): PastTimer {
  return { kind: 'pull', key: digest };
}
