// Transfers under way towards this node: at most one for a digest, so that an answer of the driver's names exactly one.

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
}

/**
 * The longest a pull may take, whatever trickles in: 4 MiB in two minutes are 35 KB/s. The driver gives up a transfer
 * that stands still much sooner.
 */
export const PULL_LIMIT_MS = 120_000;

export type PullOutcome = 'arrived' | PullFailure;

interface Pull {
  readonly from: NodeId;
  readonly keep: boolean;
  readonly listeners: ((outcome: PullOutcome) => void)[];
}

export class Pulls {
  readonly #context: PastContext;
  readonly #ended: () => void;
  readonly #pullByDigest = new Map<string, Pull>();

  /** `ended` is called after each pull, when its digest is free again. */
  constructor(context: PastContext, ended: () => void) {
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
    { keep, hurry = false, limitMs = PULL_LIMIT_MS }: PullTerms,
    listener: (outcome: PullOutcome) => void,
  ): void {
    this.#pullByDigest.set(block.digest, { from, keep, listeners: [listener] });
    this.#context.after(timerName(block.digest), limitMs, () => this.#giveUp(block.digest, 'aborted'));
    this.#context.ring.emit({ type: 'pull', from, block, keep, hurry });
  }

  /** Tells also `listener` how the pull of a busy digest ends. */
  join(digest: string, listener: (outcome: PullOutcome) => void): void {
    this.#pullByDigest.get(digest)?.listeners.push(listener);
  }

  /** The driver has the bytes. */
  arrived(from: NodeId, digest: string, kept: boolean): void {
    const { held, ring } = this.#context;
    const pull = this.#pullByDigest.get(digest);
    // An earlier pull that was given up may have come through after all; its copy is as good if it was kept.
    const isAwaited = pull !== undefined && (pull.from === from || (pull.keep && kept));
    if (!isAwaited) {
      // Nobody would ever look at this copy again.
      if (kept && !held.has(digest)) ring.emit({ type: 'drop', digest });
      return;
    }
    if (pull.from !== from) ring.emit({ type: 'stop-pull', from: pull.from, digest });
    this.#end(digest, pull.keep && !kept ? 'full' : 'arrived');
  }

  failed(from: NodeId, digest: string, reason: PullFailure): void {
    if (this.#pullByDigest.get(digest)?.from === from) this.#end(digest, reason);
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, pull] of [...this.#pullByDigest]) if (pull.from === nodeId) this.#giveUp(digest, 'aborted');
  }

  /** Stops a pull; its listeners hear that it was aborted. */
  stop(digest: string): void {
    this.#giveUp(digest, 'aborted');
  }

  stopAll(): void {
    for (const [digest, { from }] of this.#pullByDigest) {
      this.#context.ring.emit({ type: 'stop-pull', from, digest });
      this.#context.cancel(timerName(digest));
    }
    this.#pullByDigest.clear();
  }

  #giveUp(digest: string, outcome: PullOutcome): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined) return;
    this.#context.ring.emit({ type: 'stop-pull', from: pull.from, digest });
    this.#end(digest, outcome);
  }

  #end(digest: string, outcome: PullOutcome): void {
    const pull = this.#pullByDigest.get(digest);
    if (pull === undefined) return;
    this.#pullByDigest.delete(digest);
    this.#context.cancel(timerName(digest));
    for (const listener of pull.listeners) listener(outcome);
    this.#ended();
  }
}

function timerName(digest: string): PastTimer {
  return { kind: 'pull', key: digest };
}
