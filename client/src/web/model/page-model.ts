// What the page shows of a running peer, as signals; refreshed after events, at most a few times a second.

import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { FileListing, PeerApi, PeerEvent, PeerInspection } from '../../peer/api.ts';
import { peerEventText } from '../text/event-text.ts';
import { type BlobUrls, Downloads } from './downloads.ts';
import { EventLog, type LogLine } from './event-log.ts';
import { Lookups } from './lookups.ts';
import { NameSearch } from './name-search.ts';
import { PageConsole, type PageFiles } from './page-console.ts';
import { Uploads } from './uploads.ts';

/** What a model needs from its surroundings; the browser's in the page, a test's own in tests. */
export interface Surroundings {
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  /** The time of day, for the log. */
  today(): Date;
  /** Calls `run` once, some milliseconds later. */
  later(run: () => void, delayMs: number): void;
  readonly urls: BlobUrls;
  readonly files: PageFiles;
}

export interface DiscoveryState {
  readonly state: 'registered' | 'away' | 'removed';
  readonly message: string;
}

/** Events come in bursts (a join brings dozens); the page is redrawn once for all within this time, milliseconds. */
const REFRESH_AFTER_MS = 120;

export class PageModel {
  readonly peer: PeerApi;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly lookups: Lookups;
  readonly names: NameSearch;
  readonly console: PageConsole;
  readonly #surroundings: Surroundings;
  readonly #log = new EventLog();
  readonly #inspection;
  readonly #listing;
  readonly #lines = signal<readonly LogLine[]>([]);
  readonly #discovery = signal<DiscoveryState>({ state: 'registered', message: '' });
  #isRefreshDue = false;

  constructor(peer: PeerApi, surroundings: Surroundings) {
    this.peer = peer;
    this.#surroundings = surroundings;
    const now = (): number => surroundings.now();
    this.uploads = new Uploads(peer, now);
    this.downloads = new Downloads(peer, now, surroundings.urls);
    this.lookups = new Lookups(peer);
    this.names = new NameSearch(peer);
    this.console = new PageConsole(peer, this.uploads, surroundings);
    this.#inspection = signal<PeerInspection>(peer.inspect());
    this.#listing = signal<FileListing>(peer.listFiles());
    peer.subscribe((event) => this.#take(event));
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

  get discovery(): ReadonlySignal<DiscoveryState> {
    return this.#discovery;
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
        this.#lines.value = this.#log.snapshot();
      });
    }, REFRESH_AFTER_MS);
  }

  #take(event: PeerEvent): void {
    const entry = peerEventText(event, this.peer.nodeId);
    if (entry !== undefined) this.#log.add(entry, this.#surroundings.today());
    if (event.type === 'discovery') this.#discovery.value = { state: event.state, message: event.message };
    this.refresh();
  }
}
