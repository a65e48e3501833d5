// What the page shows of a running peer, as signals; refreshed after events, at most a few times a second.

import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { FileListing, FileSource, PeerApi, PeerEvent, PeerInspection } from '../../peer/api.ts';
import type { ClosingReport } from '../../peer/file-status.ts';
import { lazily } from '../../peer/lazily.ts';
import { isClassroomRing } from '../../peer/name-key.ts';
import { cleanText } from '../../text/clean-text.ts';
import { fileHash, linkElsewhere } from '../text/address.ts';
import type { DiscoveryState } from '../text/discovery-text.ts';
import { PageError } from '../text/page-error.ts';
import type { Behind } from './behind.ts';
import { Downloads } from './downloads.ts';
import { Drafts } from './drafts.ts';
import type { LogLine } from './event-log.ts';
import type { PageFiles } from './page-files.ts';
import { Uploads } from './uploads.ts';

/** What a model needs from its surroundings; the browser's in the page, a test's own in tests. */
export interface Surroundings {
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  /** The time of day, for the log. */
  today(): Date;
  /** Calls `run` once, some milliseconds later. */
  later(run: () => void, delayMs: number): void;
  readonly files: PageFiles;
  /** Goes to the place of the page with this address, from `#` on. */
  go(hash: string): void;
  /** The page's address. */
  here(): string;
}

export type DiskEvent = Extract<PeerEvent, { readonly type: 'disk' }>;

/** Events come in bursts (a join brings dozens); the page is redrawn once for all within this time, milliseconds. */
const REFRESH_AFTER_MS = 120;

export interface PastEvent {
  readonly event: PeerEvent;
  readonly at: Date;
}

/** A console that cannot be loaded is waited for with no more than this many events. */
const MAX_PAST = 1_000;

export class PageModel {
  readonly peer: PeerApi;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly drafts: Drafts;
  readonly #surroundings: Surroundings;
  readonly #inspection;
  readonly #listing;
  readonly #closing;
  readonly #lines = signal<readonly LogLine[]>([]);
  readonly #discovery = signal<DiscoveryState>({ state: 'registered', message: '' });
  readonly #disk = signal<DiskEvent | undefined>(undefined);
  readonly #behind = signal<Behind | undefined>(undefined);
  #isRefreshDue = false;
  /** What the peer told before there was anything behind: how it joined is told there too. */
  #past: PastEvent[] = [];

  constructor(peer: PeerApi, surroundings: Surroundings) {
    this.peer = peer;
    this.#surroundings = surroundings;
    const now = (): number => surroundings.now();
    this.uploads = new Uploads(peer, now);
    this.downloads = new Downloads(peer, now, surroundings.files);
    this.drafts = new Drafts(isClassroomRing(peer.inspect().params));
    this.#inspection = signal<PeerInspection>(peer.inspect());
    this.#listing = signal<FileListing>(peer.listFiles());
    this.#closing = signal<ClosingReport>(peer.safeToClose());
    peer.subscribe((event) => this.#take(event));
  }

  /** Stores files that were chosen, dropped or pasted, as the user chose to store. */
  store(files: Iterable<FileSource>): void {
    const options = this.drafts.storeOptions;
    // A thousand files are drawn once.
    batch(() => {
      for (const file of files) {
        // The list shows a failure; the promise is for the console.
        this.uploads
          .store(file, options)
          .catch((error: unknown) => console.info('not stored:', cleanText(file.name), error));
      }
    });
  }

  /** Stores what was dropped, each folder as one; what cannot be stored of them is shown. */
  async storeDropped(entries: readonly FileSystemEntry[]): Promise<void> {
    try {
      const { files, leftOut } = await this.#surroundings.files.dropped(entries);
      for (const { path, why } of leftOut) this.uploads.refuse(path, new PageError({ why }));
      this.store(files);
    } catch (error) {
      for (const { name } of entries) this.uploads.refuse(name, error);
    }
  }

  /** Stores a folder that was chosen, of which the browser gives the files. */
  async storeFolder(files: readonly File[]): Promise<void> {
    try {
      this.store([await this.#surroundings.files.sourceOf(files)]);
    } catch (error) {
      this.uploads.refuse(files[0]?.webkitRelativePath ?? 'folder', error);
    }
  }

  /** Opens a file by its link or id, in its own ring. */
  open(linkOrId: string): void {
    this.go(linkElsewhere(linkOrId, this.#surroundings.here()) ?? fileHash(linkOrId));
  }

  /** Goes to the place of the page with this address, from `#` on, or to another ring's page. */
  go(hash: string): void {
    this.#surroundings.go(hash);
  }

  get inspection(): ReadonlySignal<PeerInspection> {
    return this.#inspection;
  }

  get listing(): ReadonlySignal<FileListing> {
    return this.#listing;
  }

  /** The event log, newest first. */
  get lines(): ReadonlySignal<readonly LogLine[]> {
    return this.#lines;
  }

  /** What last happened to this tab's storage, if anything. */
  get disk(): ReadonlySignal<DiskEvent | undefined> {
    return this.#disk;
  }

  get discovery(): ReadonlySignal<DiscoveryState> {
    return this.#discovery;
  }

  /** A file of this tab's is being stored, or one is being saved here. */
  get areUnderWay(): boolean {
    return this.uploads.areUnderWay.value || this.downloads.areUnderWay.value;
  }

  /** True while closing this tab would lose something: what is under way, or what no other node holds. */
  get isClosingUnsafe(): boolean {
    if (this.areUnderWay) return true;
    // Who has left has been told.
    return this.peer.status !== 'left' && isAnyLost(this.peer.safeToClose());
  }

  /** What closing this tab would cost. */
  get closing(): ReadonlySignal<ClosingReport> {
    return this.#closing;
  }

  /** Undefined until it is loaded. */
  get behind(): ReadonlySignal<Behind | undefined> {
    return this.#behind;
  }

  /** Loads console, event log and recording, which nobody needs to join the ring; `failed` is called after each try in vain. */
  async loadBehind(failed?: () => void): Promise<void> {
    const { behindOf } = await lazily(() => import('./behind.ts')).whenThere(failed);
    this.#behind.value ??= behindOf(this, this.#surroundings, this.#past);
    this.#past = [];
    this.refresh();
  }

  /** Looks at once at what closing this tab would cost. */
  lookAtClosing(): void {
    this.#closing.value = this.peer.safeToClose();
  }

  /** Looks at the peer again, soon. */
  refresh(): void {
    if (this.#isRefreshDue) return;
    this.#isRefreshDue = true;
    this.#surroundings.later(() => {
      this.#isRefreshDue = false;
      batch(() => {
        this.#inspection.value = this.peer.inspect();
        this.#listing.value = this.peer.listFiles();
        this.lookAtClosing();
        this.#lines.value = this.#behind.peek()?.log.snapshot() ?? [];
      });
    }, REFRESH_AFTER_MS);
  }

  #take(event: PeerEvent): void {
    const at = this.#surroundings.today();
    const behind = this.#behind.peek();
    if (behind !== undefined) behind.log.add(event, this.peer.nodeId, at);
    else if (this.#past.length < MAX_PAST) this.#past.push({ event, at });
    if (event.type === 'disk') this.#disk.value = event;
    if (event.type === 'discovery') this.#discovery.value = event;
    this.refresh();
  }
}

/** Closing this tab would lose something. */
export function isAnyLost({ lost }: ClosingReport): boolean {
  return lost.files.length + lost.blocks > 0;
}
