// Asks the disk whether it still is what it was. A user may clear the site's data under a living tab, a directory may be
// removed, a disk may fail: what this node says that it holds would be untrue, and others rely on it. So a canary record is
// read every few seconds, and all blocks are read and checked, slowly, one after the other (core/past/SPEC.md, P41 and P42).

import type { Input } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { DiskState } from './api.ts';
import { DISK_CHECK_MS, DISK_SILENCE_MS, MAX_DISK_FAILURES, SCRUB_BYTES } from './limits.ts';
import type { LocalBlocks } from './local-blocks.ts';
import { type Deadlines, within } from './parallel.ts';
import type { BlockStore } from './ports.ts';

export interface DiskWatchParts {
  readonly store: BlockStore;
  readonly blocks: LocalBlocks;
  readonly deadlines: Deadlines;
  readonly dispatch: (input: Input) => void;
  /** What the core believes to be on the disk. */
  readonly held: () => readonly BlockRef[];
  /** Called with each change for the worse or the better. */
  readonly told: (state: DiskState, blocks: number) => void;
}

const TIMER = 'disk-watch';

export class DiskWatch {
  readonly #parts: DiskWatchParts;
  #isChecking = false;
  #isStopped = false;
  #failures = 0;
  /** The last one scrubbed; the next is the one after it by digest. */
  #scrubbed = '';

  constructor(parts: DiskWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#parts.deadlines.after(TIMER, DISK_CHECK_MS, () => void this.#check());
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.deadlines.cancel(TIMER);
  }

  /** Something could not be read: looks now. While it fails already, in its time, or a burst of reads would end it. */
  suspect(): void {
    if (this.#failures === 0) void this.#check();
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    if (this.#isChecking || this.#isStopped) return;
    this.#isChecking = true;
    await this.#look();
    this.#isChecking = false;
    this.start();
  }

  async #look(): Promise<void> {
    const { deadlines, store } = this.#parts;
    try {
      const found = await within(deadlines, DISK_SILENCE_MS, undefined, () => store.check());
      if (found === undefined) return this.#failed();
      const wasFailing = this.#isFailing;
      this.#failures = 0;
      if (found === 'replaced' || wasFailing) return await this.#readAgain(wasFailing);
      await this.#scrub();
    } catch {
      this.#failed();
    }
  }

  get #isFailing(): boolean {
    return this.#failures >= MAX_DISK_FAILURES;
  }

  /** One failure may be a database that the browser has just closed. */
  #failed(): void {
    const { dispatch, held, told } = this.#parts;
    this.#failures += 1;
    if (this.#failures !== MAX_DISK_FAILURES) return;
    const blocks = held().length;
    dispatch({ type: 'disk', held: [] });
    dispatch({ type: 'room', freeBytes: 0 });
    told('failing', blocks);
  }

  /** The disk is another one than it was: what is on it counts, and nothing else. */
  async #readAgain(wasFailing: boolean): Promise<void> {
    const { blocks, dispatch, held, store, told } = this.#parts;
    const listed = await store.list();
    const digests = new Set(listed.map(({ digest }) => digest));
    const lost = held().filter(({ digest }) => !digests.has(digest)).length;
    dispatch({ type: 'disk', held: listed });
    told(wasFailing ? 'ok' : 'cleared', lost);
    await blocks.tellRoom();
  }

  /** Reads and checks the next blocks; what is gone or wrong is told by who reads it. */
  async #scrub(): Promise<void> {
    const held = this.#parts.held().toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    let bytes = 0;
    for (const { digest, size } of held.filter((block) => block.digest > this.#scrubbed)) {
      if (bytes > 0 && bytes + size > SCRUB_BYTES) return;
      bytes += size;
      this.#scrubbed = digest;
      await this.#parts.blocks.verify(digest);
    }
    this.#scrubbed = '';
  }
}
