// What keeps a Discovery node's registrations in Redis: its signs of life, what it tells again after Redis has lost it, and the
// end of what those have left that ended without a word.

import { LEASE_MS, MAX_SHARED_RECORDS } from './limits.ts';
import type { LocalPeers } from './local-peers.ts';
import type { Registry, Sizes } from './registry.ts';

/** Registrations that are told or removed in one step of Redis, which does nothing else meanwhile: a millisecond or two. */
const BATCH = 100;

export interface PresenceParts {
  readonly registry: Registry;
  readonly local: LocalPeers;
  /** Of this Discovery node. */
  readonly server: string;
  readonly ring: { readonly ringKey: string; readonly params: string };
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  readonly counted: (sizes: Sizes) => void;
  /** Another socket elsewhere has the identity of this one. */
  readonly displaced: (holder: string) => void;
  readonly tell: (line: string) => void;
}

export class Presence {
  readonly #parts: PresenceParts;
  /** What Redis had and this process had not, at the last look: a registration may have been on its way. */
  #doubted: ReadonlySet<string> = new Set();
  #beating: Promise<void> | undefined;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** One sign of life, and what follows of the answer. Rejects if Redis cannot be reached. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /** Takes this Discovery node's registrations out. */
  async goodbye(): Promise<void> {
    await this.#beating?.catch(() => undefined);
    await this.#reap(this.#parts.server, true);
  }

  async #beat(): Promise<void> {
    const { registry, local, server, ring, now, counted } = this.#parts;
    const moves = local.takeMoves(now());
    const answer = await registry.beat({ ...ring, server, moves, leaseMs: LEASE_MS }).catch((error: unknown) => {
      local.giveBack(moves);
      throw error;
    });
    counted(answer.sizes);
    if (answer.isLost) await this.#announce();
    else if (answer.count !== local.size) await this.#reconcile();
    else this.#doubted = new Set();
    if (answer.dead !== undefined && answer.dead !== server) {
      const removed = await this.#reap(answer.dead, false);
      if (removed > 0)
        this.#parts.tell(`another Discovery node of this ring has ended without a word: ${removed} gone`);
    }
  }

  async #announce(): Promise<void> {
    const { registry, local, server, displaced, counted } = this.#parts;
    const entries = local.entries(server);
    for (let from = 0; from < entries.length; from += BATCH) {
      // Some may have gone while the others were told.
      const here = entries.slice(from, from + BATCH).filter(({ holder }) => local.byHolder(holder) !== undefined);
      const ask = { entries: here, leaseMs: LEASE_MS, mostRecords: MAX_SHARED_RECORDS };
      const { gone, sizes } = await registry.announce(ask);
      counted(sizes);
      for (const holder of gone) {
        local.delete(holder);
        displaced(holder);
      }
    }
  }

  /** What is only here was taken by another server, or by the operator; what is only in Redis has gone unheard. */
  async #reconcile(): Promise<void> {
    const { registry, local, server, counted } = this.#parts;
    const here = new Set(local.holders());
    const { holders } = await registry.held({ server });
    const there = new Set(holders);
    for (const holder of here) if (!there.has(holder)) local.delete(holder);
    const strange = new Set(holders.filter((holder) => local.byHolder(holder) === undefined));
    for (const holder of strange) {
      if (!this.#doubted.has(holder)) continue;
      counted((await registry.remove({ holder, freesId: false, mostRecords: MAX_SHARED_RECORDS })).sizes);
      strange.delete(holder);
    }
    this.#doubted = strange;
  }

  async #reap(server: string, isGoodbye: boolean): Promise<number> {
    const { registry, counted } = this.#parts;
    let [removed, left] = [0, 1];
    while (left > 0) {
      const ask = { server, isGoodbye, leaseMs: LEASE_MS, batch: BATCH, mostRecords: MAX_SHARED_RECORDS };
      const answer = await registry.reap(ask);
      counted(answer.sizes);
      // It has come back to life, or another one does it.
      if (answer.removed === 0) break;
      removed += answer.removed;
      left = answer.left;
    }
    return removed;
  }
}
