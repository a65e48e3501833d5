// A peer's files: storing and retrieving them, and the list of its own with their copies.

import type { Lease } from '../core/past/lease.ts';
import type { Id } from '../core/pastry/id.ts';
import { type FileKey, newFileKey } from '../vault/file-key.ts';
import { type FileSeal, publicSeal } from '../vault/file-seal.ts';
import { MAX_MANIFEST_BYTES } from '../wire/limits.ts';
import type { FileSource, FoundFiles, OwnFile, StoredFile, StoreOptions, TransferOptions } from './api.ts';
import { blockRef } from './block-ref.ts';
import type { CopyTally } from './copy-tally.ts';
import { PeerError } from './errors.ts';
import { blocksOf } from './file-blocks.ts';
import { type FileAddress, fileLink } from './file-link.ts';
import type { FileStatus, RemovedFile } from './file-status.ts';
import type { FileStatuses } from './file-statuses.ts';
import { type Lazy, lazily } from './lazily.ts';
import type { LeaseSigner } from './lease-signer.ts';
import { COUNT_LIMIT_MS, MAX_INLINE_BYTES } from './limits.ts';
import { isClassroomRing, nameKey } from './name-key.ts';
import type { Names } from './names.ts';
import type { OwnFiles } from './own-files.ts';
import type { OwnLeases } from './own-leases.ts';
import type { OwnerKeys } from './owner-keys.ts';
import { isCancelled, within } from './parallel.ts';
import type { FileHead, FileSink, RetrievedFile, RetrieveOptions } from './retrieved-file.ts';
import type { FileParts } from './store-file.ts';
import type { StoreJournal } from './store-journal.ts';

export interface FilesParts extends FileParts {
  readonly signer: LeaseSigner;
  readonly ownerKeys: OwnerKeys;
  /** As of PeerParts. */
  readonly cacheBytes?: number | undefined;
  /** Resolves when this node is in the ring; rejects: not-active, left. */
  readonly whenActive: () => Promise<void>;
  /** Resolves after so many milliseconds; rejects if the node leaves meanwhile. */
  readonly pause: (delayMs: number) => Promise<void>;
}

export class Files {
  readonly #parts: FilesParts;
  readonly #ownFiles: OwnFiles;
  readonly #statuses: FileStatuses;
  readonly #origin: string;
  readonly #calendar: () => number;
  /** Comes after the rest: nobody renews or deletes at once. */
  readonly #leases: Lazy<OwnLeases>;

  /** `origin`: start of links; `calendar`: milliseconds since 1970. */
  constructor(parts: FilesParts, ownFiles: OwnFiles, statuses: FileStatuses, origin: string, calendar: () => number) {
    this.#parts = parts;
    this.#ownFiles = ownFiles;
    this.#statuses = statuses;
    this.#origin = origin;
    this.#calendar = calendar;
    const { requests, signer, ownerKeys, deadlines, params } = parts;
    const leaseParts = {
      ...{ requests, signer, ownerKeys, deadlines },
      files: ownFiles,
      digits: params.digits,
      over: (fileId: string) => statuses.unwatch(fileId),
    };
    this.#leases = lazily(async () => {
      const { OwnLeases } = await import('./own-leases.ts');
      return new OwnLeases({ ...leaseParts, names: await this.#listing() });
    });
  }

  /** Reads the list of own files of an earlier life. Never rejects. */
  async load(): Promise<void> {
    await this.#ownFiles.load();
    const { digits } = this.#parts.params;
    for (const { fileId, segments, salts } of this.#ownFiles.list())
      this.#statuses.watch(fileId, blocksOf(fileId, segments ?? [], digits, salts), segments !== undefined);
  }

  /** This node is in the ring: cares for its files. */
  activate(): void {
    // Before somebody needs it; who does is told if it cannot be loaded.
    void transfers.whenThere().then(({ CACHE_BYTES, CachedBlocks, prepareThread }) => {
      void prepareThread();
      const { requests, deadlines, cacheBytes = CACHE_BYTES } = this.#parts;
      if (cacheBytes > 0) requests.cacheIn(new CachedBlocks(cacheBytes, deadlines));
    });
    void this.#leases.whenThere().then((leases) => leases.start());
    void this.#learnSegments();
  }

  /** As PeerApi.remove. */
  async remove(linkOrId: string): Promise<RemovedFile> {
    const { fileId } = await this.#addressOf(linkOrId);
    const isKnown = this.#ownFiles.has(fileId);
    const removed = await (await this.#leases.once()).remove(fileId);
    if (isKnown) this.#statuses.unwatch(fileId);
    return removed;
  }

  /** As PeerApi.pin. */
  async pin(linkOrId: string): Promise<void> {
    const { fileId } = await this.#addressOf(linkOrId);
    await (await this.#leases.once()).pin(fileId);
  }

  /** As PeerApi.unpin. */
  async unpin(linkOrId: string): Promise<void> {
    const { parseFileLink } = await transfers.once();
    const { fileId } = parseFileLink(linkOrId);
    await (await this.#leases.once()).unpin(fileId);
  }

  /** Asks the ring for the segments of files that earlier versions stored. Never rejects. */
  async #learnSegments(): Promise<void> {
    for (const { fileId, fileKey, segments } of this.#ownFiles.list()) {
      if (segments !== undefined) continue;
      try {
        const { fetchSegmentNames } = await transfers.once();
        const found = await fetchSegmentNames(this.#parts, fileId, await this.#sealOf(fileKey), undefined);
        this.#ownFiles.update(fileId, { segments: found });
        this.#statuses.watch(fileId, blocksOf(fileId, found, this.#parts.params.digits), true);
      } catch (error) {
        // Its manifest is counted, and if that is lost the file is.
        if (!(error instanceof PeerError)) throw error;
      }
    }
  }

  /** The settings were cleared with the disk, perhaps. */
  saveList(): void {
    this.#ownFiles.saveAgain();
  }

  own(): readonly OwnFile[] {
    return this.#ownFiles.list().map(({ fileId, fileKey, link, name, type, size, storedAt, isPinned, expires }) => {
      const { copies, devices, wanted, state } = this.#statuses.of(fileId);
      const isPublic = fileKey === undefined;
      const told = { copies, devices, wanted, state, isPinned, expires: expires || undefined };
      return { fileId, link, isPublic, name, type, size, storedAt, ...told };
    });
  }

  /** As PeerApi.fileStatus. */
  async status(linkOrId: string, signal: AbortSignal | undefined): Promise<FileStatus> {
    const { fileId, fileKey } = await this.#addressOf(linkOrId);
    const { deadlines, params } = this.#parts;
    const isOwn = this.#ownFiles.has(fileId);
    if (isOwn && this.#statuses.of(fileId).state !== 'unknown') return this.#statusOf(fileId);
    const { fetchSegmentNames } = await transfers.once();
    const segments = isOwn ? [] : await fetchSegmentNames(this.#parts, fileId, await this.#sealOf(fileKey), signal);
    this.#statuses.watch(fileId, blocksOf(fileId, segments, params.digits), !isOwn);
    try {
      await within(deadlines, COUNT_LIMIT_MS, signal, (ended) => this.#statuses.whenKnown(fileId, ended));
      return this.#statusOf(fileId);
    } finally {
      this.#statuses.unwatch(fileId);
    }
  }

  /** As PeerApi.store. */
  async store(file: FileSource, options: StoreOptions): Promise<StoredFile> {
    await this.#parts.whenActive();
    const isPublic = options.isPublic ?? isClassroomRing(this.#parts.params);
    if (isPublic) {
      const { checkName } = await transfers.once();
      checkName(file.name);
      return this.#store(file, undefined, options);
    }
    const journal = await this.#journalOf(file);
    if (journal === undefined) return this.#store(file, newFileKey(), options);
    try {
      const stored = await this.#store(file, journal.fileKey, options, journal);
      await journal.end();
      return stored;
    } catch (error) {
      const { KeyIsUsed } = await transfers.once();
      await (error instanceof KeyIsUsed || isCancelled(options.signal) ? journal.end() : journal.close());
      if (error instanceof KeyIsUsed) return this.#store(file, newFileKey(), options);
      throw error;
    }
  }

  async #store(
    file: FileSource,
    fileKey: FileKey | undefined,
    options: StoreOptions,
    journal?: StoreJournal,
  ): Promise<StoredFile> {
    const { StoreLeases, storeFile } = await transfers.once();
    const seal = await this.#sealOf(fileKey);
    const { params, ownerKeys, signer } = this.#parts;
    const owner = await ownerKeys.create();
    const leases = new StoreLeases(this.#parts, owner, options);
    const books = { leases, journal };
    const { fileId, stored, segments, salts, tally, terms } = await storeFile(this.#parts, file, seal, options, books);
    const { name, type } = file;
    const size = ownBytes(file);
    if (!this.#ownFiles.has(fileId))
      this.#statuses.watch(fileId, blocksOf(fileId, segments, params.digits, salts), true);
    const former = this.#ownFiles.get(fileId);
    this.#ownFiles.add({
      ...{ fileId, fileKey, name, type, size, storedAt: this.#calendar(), segments: [...segments], salts },
      // Whoever stores a public file again can end what kept it before.
      ...{ owners: [...(former?.owners ?? []), owner.secret], serial: Math.max(terms.serial, former?.serial ?? 0) },
      ...{ expires: terms.expires, isPinned: leases.isRenewed, isDeleted: false, record: former?.record },
    });
    const { key } = blockRef(fileId, 0, params.digits);
    const { root, route } = stored;
    const listedAt =
      fileKey === undefined
        ? await this.#list(fileId, file, (digest) => signer.sign(owner, digest, terms), options, tally)
        : undefined;
    // A command ends as soon as it hears this, and its owner's key must not end with it.
    const keyFailure = await this.#ownFiles.saved();
    const place = { fileId, link: fileLink(this.#origin, { fileId, fileKey }), key, root, route, copies: tally.least };
    return { ...place, ...(keyFailure && { keyFailure }), ...(listedAt && { listedAt }) };
  }

  /** Undefined of a file of which it would make no difference, or of which nobody could tell that it is the same again. */
  async #journalOf({ name, type, size, lastModified }: FileSource): Promise<StoreJournal | undefined> {
    if (size <= MAX_INLINE_BYTES || lastModified === undefined) return undefined;
    const state = new TextEncoder().encode(JSON.stringify([name, type, size, lastModified]));
    return this.#parts.journals?.open(await this.#parts.sha256(state));
  }

  /** As PeerApi.find. */
  async find(name: string, signal: AbortSignal | undefined): Promise<FoundFiles> {
    await this.#parts.whenActive();
    return (await this.#listing()).find(name, signal);
  }

  /** As PeerApi.keyOfName. */
  keyOfName(name: string): Promise<Id> {
    return nameKey(name, this.#parts.params.digits, this.#parts.sha256);
  }

  /** As PeerApi.retrieve. */
  async retrieve(linkOrId: string, options: RetrieveOptions): Promise<RetrievedFile> {
    const { fileId, fileKey } = await this.#addressOf(linkOrId);
    const { retrieveFile } = await transfers.once();
    return retrieveFile(this.#parts, fileId, await this.#sealOf(fileKey), options);
  }

  /** As PeerApi.retrieveInto. */
  async retrieveInto(
    linkOrId: string,
    begin: (head: FileHead) => Promise<FileSink>,
    options: TransferOptions,
  ): Promise<FileHead> {
    const { fileId, fileKey } = await this.#addressOf(linkOrId);
    const { retrieveInto } = await transfers.once();
    return retrieveInto(this.#parts, fileId, await this.#sealOf(fileKey), begin, options);
  }

  /** Lists a stored file under its name. */
  async #list(
    fileId: string,
    file: FileSource,
    sign: (digest: string) => Promise<Lease>,
    { signal }: StoreOptions,
    tally: CopyTally,
  ): Promise<NonNullable<StoredFile['listedAt']>> {
    const { name, type } = file;
    const record = { name, type, size: ownBytes(file), fileId, storedAt: this.#calendar() };
    const { block, stored } = await (await this.#listing()).publish(record, signal, sign, (digest, copies) =>
      tally.set(digest, copies),
    );
    this.#ownFiles.update(fileId, { record: block });
    const { root, route } = stored;
    return { key: await this.keyOfName(name), root, route };
  }

  /** Rejects a bad link before it waits for the ring. */
  async #addressOf(linkOrId: string): Promise<FileAddress> {
    const { parseFileLink } = await transfers.once();
    const address = parseFileLink(linkOrId);
    await this.#parts.whenActive();
    return address;
  }

  async #listing(): Promise<Names> {
    const { Names } = await transfers.once();
    return new Names(this.#parts, this.#origin, this.#calendar);
  }

  #statusOf(fileId: string): FileStatus {
    return { ...this.#statuses.of(fileId), expires: this.#ownFiles.get(fileId)?.expires || undefined };
  }

  async #sealOf(fileKey: FileKey | undefined): Promise<FileSeal> {
    if (fileKey === undefined) return publicSeal;
    const { privateSeal } = await transfers.once();
    return privateSeal(fileKey, MAX_MANIFEST_BYTES, this.#parts.deriveSeal);
  }
}

const transfers = lazily(() => import('./file-transfers.ts'));

/** As whoever opens it is told: a folder's list, and the zeros after it, are no bytes of its owner's. */
function ownBytes(file: FileSource): number {
  return file.folder?.().listAt ?? file.size;
}
