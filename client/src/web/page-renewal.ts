// An old page loads the newer one that the Discovery node serves now, by itself: once nothing is under way, and not in the same
// moment as all other tabs. What the tab holds and its id stay.

import type { Notice } from './text/news.ts';

export interface RenewalHooks {
  /** Files are being stored or fetched, or wait to be saved. */
  isInUse(): boolean;
  /** That all links have carried. */
  bytes(): number;
  /** At least 0, less than 1. */
  random(): number;
  later(run: () => void, delayMs: number): void;
  /** Outlives a reload. */
  readonly session: Pick<Storage, 'getItem' | 'setItem'>;
  notify(notice: Notice): void;
  reload(): void;
}

/** Within it the tabs of a ring go one after the other: a restarted Discovery node tells all of them at once. */
const SPREAD_MS = 120_000;
const LOOK_AGAIN_MS = 10_000;
/** In one such time, for others: more than talk of the ring, less than a block on a slow line. */
const QUIET_BYTES = 65_536;
/** The page that this tab was reloaded for: if it is another still, somebody in between keeps the old one. */
const TRIED = 'tabring-reloaded-for';

export class PageRenewal {
  readonly #ownScript: string;
  readonly #hooks: RenewalHooks;
  #newer: string | undefined;

  /** `ownScript`: the address of this page's script, which has a digest of all of it in its name. */
  constructor(ownScript: string, hooks: RenewalHooks) {
    this.#ownScript = ownScript;
    this.#hooks = hooks;
  }

  /** The Discovery node serves a page with this script. */
  told(page: string | undefined): void {
    const { session, notify, later, random, bytes } = this.#hooks;
    const isWaiting = this.#newer !== undefined;
    const isOld = page !== undefined && !this.#ownScript.endsWith(`/${page}`) && session.getItem(TRIED) !== page;
    this.#newer = isOld ? page : undefined;
    if (!isOld || isWaiting) return;
    notify({ kind: 'newer' });
    const before = bytes();
    later(() => this.#look(before), LOOK_AGAIN_MS + random() * SPREAD_MS);
  }

  #look(before: number): void {
    const { isInUse, bytes, later, session, reload } = this.#hooks;
    if (this.#newer === undefined) return;
    const now = bytes();
    if (isInUse() || Math.abs(now - before) > QUIET_BYTES) {
      later(() => this.#look(now), LOOK_AGAIN_MS);
      return;
    }
    session.setItem(TRIED, this.#newer);
    reload();
  }
}
