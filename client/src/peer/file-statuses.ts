// The copies of files, as the core counts them: of own files all the time, of others while somebody asks. Blocks that several
// files share are counted once.

import type { Holder, Input } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { judge } from './file-state.ts';
import type { FileStatus } from './file-status.ts';

export interface FileStatusesParts {
  readonly dispatch: (input: Input) => void;
  readonly self: NodeId;
  /** Copies wanted of each block. */
  readonly wanted: number;
  /** Called after each change of a count. */
  readonly changed: () => void;
}

interface Watched {
  files: number;
  holders: readonly Holder[] | undefined;
}

interface WatchedFile {
  readonly blocks: readonly BlockRef[];
  /** These are all of its blocks. */
  readonly isWhole: boolean;
  watchers: number;
}

export class FileStatuses {
  readonly #parts: FileStatusesParts;
  readonly #watchedByDigest = new Map<string, Watched>();
  readonly #fileById = new Map<string, WatchedFile>();
  readonly #waiting = new Set<() => void>();

  constructor(parts: FileStatusesParts) {
    this.#parts = parts;
  }

  /** Follows the copies of a file until `unwatch` has been called as often. `blocks`: the manifest first. */
  watch(fileId: string, blocks: readonly BlockRef[], isWhole: boolean): void {
    const known = this.#fileById.get(fileId);
    if (known?.isWhole === true) {
      known.watchers += 1;
      return;
    }
    this.#fileById.set(fileId, { blocks, isWhole, watchers: (known?.watchers ?? 0) + 1 });
    for (const block of blocks) this.#watchBlock(block);
    for (const block of known?.blocks ?? []) this.#unwatchBlock(block);
  }

  unwatch(fileId: string): void {
    const file = this.#fileById.get(fileId);
    if (file === undefined) return;
    file.watchers -= 1;
    if (file.watchers > 0) return;
    this.#fileById.delete(fileId);
    for (const block of file.blocks) this.#unwatchBlock(block);
  }

  /** The core has counted. */
  counted(digest: string, holders: readonly Holder[]): void {
    const watched = this.#watchedByDigest.get(digest);
    if (watched === undefined) return;
    watched.holders = holders;
    for (const check of [...this.#waiting]) check();
    this.#parts.changed();
  }

  of(fileId: string): Omit<FileStatus, 'expires'> {
    const { wanted, self } = this.#parts;
    const { blocks, isWhole } = this.#fileById.get(fileId) ?? { blocks: [], isWhole: false };
    const copies = blocks.map(({ digest }) => ({ digest, holders: this.#watchedByDigest.get(digest)?.holders }));
    return { fileId, wanted, ...judge(copies, isWhole, wanted, self) };
  }

  /** Who holds a block, as far as is known. */
  holders(digest: string): readonly Holder[] {
    return this.#watchedByDigest.get(digest)?.holders ?? [];
  }

  blocks(fileId: string): readonly BlockRef[] {
    return this.#fileById.get(fileId)?.blocks ?? [];
  }

  /** Resolves when the copies of each block are known, or when `ended` is aborted. */
  whenKnown(fileId: string, ended: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(check);
        ended.removeEventListener('abort', end);
        resolve();
      };
      const check = (): void => {
        const isKnown = ({ digest }: BlockRef): boolean => this.#watchedByDigest.get(digest)?.holders !== undefined;
        if (this.blocks(fileId).every(isKnown)) end();
      };
      this.#waiting.add(check);
      ended.addEventListener('abort', end, { once: true });
      if (ended.aborted) end();
      else check();
    });
  }

  #watchBlock(block: BlockRef): void {
    const known = this.#watchedByDigest.get(block.digest);
    if (known !== undefined) {
      known.files += 1;
      return;
    }
    this.#watchedByDigest.set(block.digest, { files: 1, holders: undefined });
    this.#parts.dispatch({ type: 'watch', block });
  }

  #unwatchBlock({ digest }: BlockRef): void {
    const watched = this.#watchedByDigest.get(digest);
    if (watched === undefined) return;
    watched.files -= 1;
    if (watched.files > 0) return;
    this.#watchedByDigest.delete(digest);
    this.#parts.dispatch({ type: 'unwatch', digest });
  }
}
