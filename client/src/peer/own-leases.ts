// What the owner of files does about their leases: renews those of pinned files in time, one file after the other, and deletes
// files. What an earlier version stored gets an owner here, as soon as its blocks are known.

import type { BlockRef } from '../core/past/block.ts';
import { LEASE_SLACK_MS } from '../core/past/lease.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';
import { blocksOf } from './file-blocks.ts';
import type { RemovedFile } from './file-status.ts';
import type { LeaseSigner, LeaseTerms } from './lease-signer.ts';
import { LEASE_LOOK_MS, LEASE_PARALLEL, LEASE_RETRY_MS } from './limits.ts';
import type { Names } from './names.ts';
import type { OwnFiles, SavedFile } from './own-files.ts';
import type { OwnerKey, OwnerKeys } from './owner-keys.ts';
import { type Deadlines, forEachParallel } from './parallel.ts';
import type { Requests } from './requests.ts';

export interface OwnLeasesParts {
  readonly requests: Requests;
  readonly files: OwnFiles;
  readonly names: Names;
  readonly signer: LeaseSigner;
  readonly ownerKeys: OwnerKeys;
  readonly deadlines: Deadlines;
  /** Called with a file whose time is over: nobody keeps it any more. */
  readonly over: (fileId: string) => void;
  /** Of an id. */
  readonly digits: number;
}

/** Who was asked about a file's blocks, and who of them has confirmed all that it was asked. */
interface Told {
  readonly asked: ReadonlySet<NodeId>;
  readonly confirmed: ReadonlySet<NodeId>;
  /** More than half of those asked have confirmed, for each block. */
  readonly isDone: boolean;
}

const TIMER = 'own-leases';

export class OwnLeases {
  readonly #parts: OwnLeasesParts;
  /** Files that were not renewed, or not deleted everywhere: not before this time again. */
  readonly #notBefore = new Map<string, number>();
  /** Deletions under way. */
  readonly #endingById = new Map<string, Promise<Told>>();
  #isLooking = false;

  constructor(parts: OwnLeasesParts) {
    this.#parts = parts;
  }

  /** Looks now, and each minute from now on, what is to be done. */
  start(): void {
    void this.#look();
    this.#parts.deadlines.after(TIMER, LEASE_LOOK_MS, () => this.start());
  }

  /** As PeerApi.pin: renews at once too. Rejects with a PeerError: not-owner, timed-out, left. */
  async pin(fileId: string): Promise<void> {
    const { files } = this.#parts;
    this.#own(fileId);
    files.update(fileId, { isPinned: true });
    const file = this.#own(fileId);
    if (await this.#renew(file)) return;
    throw new PeerError(
      'timed-out',
      `"${file.name}" is pinned, but not all that hold it confirmed for how long they keep it: this node tries again while it runs`,
    );
  }

  /** As PeerApi.unpin. Rejects with a PeerError of code not-owner. */
  async unpin(fileId: string): Promise<void> {
    this.#own(fileId);
    this.#parts.files.update(fileId, { isPinned: false });
    await this.#parts.files.saved();
  }

  /** As PeerApi.remove. */
  async remove(fileId: string): Promise<RemovedFile> {
    const { files } = this.#parts;
    // What was not deleted everywhere may be told again.
    const file = files.get(fileId) ?? this.#own(fileId);
    if (file.owners.length === 0) {
      throw new PeerError(
        'not-owner',
        `"${file.name}" was stored by an earlier version and has no owner yet: it gets one within a minute or two of being in the ring; try again then`,
      );
    }
    this.#notBefore.set(fileId, this.#parts.signer.now() + LEASE_RETRY_MS);
    // Kept before the first word: if this node goes now, it goes on the next time.
    files.update(fileId, { isDeleted: true, isPinned: false });
    await files.saved();
    const { asked, confirmed, isDone } = await this.#end(fileId);
    return { fileId, name: file.name, holders: asked.size, deletedAt: confirmed.size, isDone };
  }

  /** Throws a PeerError of code not-owner. */
  #own(fileId: string): SavedFile {
    const file = this.#parts.files.get(fileId);
    if (file !== undefined && !file.isDeleted) return file;
    throw new PeerError(
      'not-owner',
      `this node has not stored ${fileId.slice(0, 8)}…: only who stored a file can pin or delete it, there where it was stored`,
    );
  }

  /** Never rejects: what fails is tried again later. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const { fileId } of this.#parts.files.all()) {
        const file = this.#parts.files.get(fileId);
        if (file !== undefined && this.#isOver(file)) this.#forget(fileId);
        else if (file === undefined || !this.#isDue(file)) continue;
        else if (file.isDeleted) await this.#end(fileId);
        else await this.#renew(file);
      }
    } catch (error) {
      // It has left the ring, or the ring does not answer.
      if (!(error instanceof PeerError)) throw error;
    } finally {
      this.#isLooking = false;
    }
  }

  /** Half-way through its lease, or some time before: not all files of an evening on one evening. */
  #isDue({ fileId, expires, isDeleted, isPinned, segments }: SavedFile): boolean {
    const { signer } = this.#parts;
    const now = signer.now();
    if (now < (this.#notBefore.get(fileId) ?? 0)) return false;
    if (isDeleted) return true;
    const spread = Number.parseInt(fileId.slice(0, 8), 16) / 16 ** 8;
    return isPinned && segments !== undefined && now >= expires - signer.longestMs * (0.5 + 0.1 * spread);
  }

  /** Its owner did not want it renewed, or has unpinned it. Of one that an earlier version stored nobody knows. */
  #isOver({ expires, isDeleted, isPinned }: SavedFile): boolean {
    return !isDeleted && !isPinned && expires > 0 && this.#parts.signer.now() > expires + LEASE_SLACK_MS;
  }

  #forget(fileId: string): void {
    this.#parts.files.delete(fileId);
    this.#parts.over(fileId);
  }

  /** True if enough of its holders confirmed. */
  async #renew(file: SavedFile): Promise<boolean> {
    const { files, ownerKeys, signer } = this.#parts;
    const { fileId } = file;
    this.#notBefore.set(fileId, signer.now() + LEASE_RETRY_MS);
    const last = file.owners.at(-1);
    const key = last === undefined ? await ownerKeys.create() : await ownerKeys.open(last);
    const terms = signer.terms(file.serial);
    // The key is kept before anybody hears of it, and so is the serial.
    files.update(fileId, { owners: last === undefined ? [key.secret] : file.owners, serial: terms.serial });
    await files.saved();
    const record = file.record ?? (await this.#listAgain(file, key, terms));
    const { isDone } = await this.#tell(blocksAndRecord({ ...file, record }, this.#parts.digits), [key], terms);
    if (files.get(fileId)?.isDeleted !== false) return false;
    files.update(fileId, { record, ...(isDone && { expires: terms.expires }) });
    if (isDone) this.#notBefore.delete(fileId);
    await files.saved();
    return isDone;
  }

  /**
   * Earlier versions did not note which files were listed by name, nor where. What the ring lists is listed again, by a record that is
   * this owner's; what its owner gave away by its id alone must not be found by its name.
   */
  async #listAgain(file: SavedFile, key: OwnerKey, terms: LeaseTerms): Promise<BlockRef | undefined> {
    const { names, signer } = this.#parts;
    const { fileId, fileKey, name, type, size, storedAt } = file;
    if (fileKey !== undefined) return undefined;
    const listed = await names.find(name, undefined);
    if (!listed.files.some((each) => each.fileId === fileId)) return undefined;
    const sign = (digest: string) => signer.sign(key, digest, terms);
    const record = { name, type, size, fileId, storedAt };
    return (await names.publish(record, undefined, sign, () => undefined)).block;
  }

  /** Once at a time for each file: who asks meanwhile hears the same. */
  #end(fileId: string): Promise<Told> {
    const running = this.#endingById.get(fileId);
    if (running !== undefined) return running;
    const ending = this.#endNow(fileId).finally(() => this.#endingById.delete(fileId));
    this.#endingById.set(fileId, ending);
    return ending;
  }

  async #endNow(fileId: string): Promise<Told> {
    const { files, ownerKeys, signer } = this.#parts;
    const file = files.get(fileId);
    if (file === undefined) return { asked: new Set(), confirmed: new Set(), isDone: true };
    this.#notBefore.set(fileId, signer.now() + LEASE_RETRY_MS);
    const keys = await Promise.all(file.owners.map((secret) => ownerKeys.open(secret)));
    const told = await this.#tell(blocksAndRecord(file, this.#parts.digits), keys, signer.endTerms(file.serial));
    // All leases are over by themselves, or enough holders know that they are; unless it was stored anew meanwhile.
    const isOver = told.isDone || signer.now() > file.expires;
    if (isOver && files.get(fileId)?.isDeleted === true) files.delete(fileId);
    await files.saved();
    return told;
  }

  async #tell(blocks: readonly BlockRef[], keys: readonly OwnerKey[], terms: LeaseTerms): Promise<Told> {
    const { requests, signer } = this.#parts;
    const asked = new Set<NodeId>();
    const silent = new Set<NodeId>();
    let isDone = true;
    const tasks = blocks.flatMap((block) => keys.map((key) => ({ block, key })));
    await forEachParallel(tasks, LEASE_PARALLEL, undefined, async ({ block, key }) => {
      const answer = await requests.lease(block, await signer.sign(key, block.digest, terms));
      for (const nodeId of answer.asked) {
        asked.add(nodeId);
        if (!answer.kept.includes(nodeId)) silent.add(nodeId);
      }
      if (!signer.isConfirmed(answer)) isDone = false;
    });
    return { asked, confirmed: new Set([...asked].filter((nodeId) => !silent.has(nodeId))), isDone };
  }
}

function blocksAndRecord({ fileId, segments = [], salts, record }: SavedFile, digits: number): readonly BlockRef[] {
  return [...blocksOf(fileId, segments, digits, salts), ...(record === undefined ? [] : [record])];
}
