// The files being fetched on this page, and those ready to be saved.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import { linkLabel } from '../text/address.ts';
import { Transfer } from './transfer.ts';
import { untilActive } from './until-active.ts';

/** A fetched file, ready to be saved. */
export interface FetchedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Blob URL, revoked on dismissal. */
  readonly url: string;
}

export interface Download {
  /** The link or id it was asked for by. */
  readonly source: string;
  readonly transfer: Transfer<FetchedFile>;
}

/** Makes and frees addresses of blobs; the browser's URL in the page. */
export interface BlobUrls {
  createObjectURL(blob: Blob): string;
  revokeObjectURL(url: string): void;
}

export class Downloads {
  readonly #peer: PeerApi;
  readonly #now: () => number;
  readonly #urls: BlobUrls;
  readonly #list = signal<readonly Download[]>([]);

  constructor(peer: PeerApi, now: () => number, urls: BlobUrls) {
    this.#peer = peer;
    this.#now = now;
    this.#urls = urls;
  }

  /** Latest first. */
  get list(): ReadonlySignal<readonly Download[]> {
    return this.#list;
  }

  /** Fetches a file; its failure is shown in the list. Does nothing if the same link is being fetched or is ready. */
  async fetch(linkOrId: string): Promise<void> {
    const source = linkOrId.trim();
    if (source === '' || this.#list.peek().some((other) => other.source === source && isWanted(other))) return;
    const transfer = new Transfer<FetchedFile>(linkLabel(source), this.#now);
    const retries = this.#list.peek().filter((other) => other.source !== source);
    this.#list.value = [{ source, transfer }, ...retries];
    try {
      transfer.wait('waiting for this tab to join the ring');
      await untilActive(this.#peer, transfer.signal);
      await transfer.run(0, undefined, async (options) => {
        const file = await this.#peer.retrieve(source, options);
        // A neutral type: a page or picture of a stranger's must be saved, never run under this page's origin.
        const bytes = new Blob([await file.blob()], { type: 'application/octet-stream' });
        const url = this.#urls.createObjectURL(bytes);
        if (options.signal.aborted) this.#urls.revokeObjectURL(url);
        return { name: file.name, type: file.type, size: file.size, url };
      });
    } catch (error) {
      transfer.fail(error);
    }
  }

  dismiss(download: Download): void {
    const state = download.transfer.state.peek();
    if (state.phase === 'done') this.#urls.revokeObjectURL(state.result.url);
    this.#list.value = this.#list.peek().filter((other) => other !== download);
  }
}

function isWanted(download: Download): boolean {
  const { phase } = download.transfer.state.peek();
  return phase !== 'failed' && phase !== 'cancelled';
}
