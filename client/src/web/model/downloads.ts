// The files being fetched on this page, and those ready to be saved.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { FileHead, PeerApi, RetrievedFile } from '../../peer/api.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import { parseFileLink } from '../../peer/parse-file-link.ts';
import { linkLabel } from '../text/address.ts';
import { IN_MEMORY_BYTES, type PageFiles } from './page-files.ts';
import { Transfer } from './transfer.ts';
import { untilActive } from './until-active.ts';

/** here: fetched, ready to be saved. offered: too large for that; fetched as it is saved. saved: the browser has it. */
export type FetchedFile = FileHead &
  (
    | {
        readonly state: 'here';
        /** Blob URL, revoked on dismissal. */
        readonly url: string;
      }
    | { readonly state: 'offered' }
    | { readonly state: 'saved'; readonly how: string }
  );

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
  readonly #files: PageFiles;
  readonly #list = signal<readonly Download[]>([]);

  constructor(
    peer: PeerApi,
    now: () => number,
    { urls, files }: { readonly urls: BlobUrls; readonly files: PageFiles },
  ) {
    this.#peer = peer;
    this.#now = now;
    this.#urls = urls;
    this.#files = files;
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
        const { name, type, size } = file;
        if (size > IN_MEMORY_BYTES) return { name, type, size, state: 'offered' };
        // A neutral type: a page or picture of a stranger's must be saved, never run under this page's origin.
        const bytes = new Blob([await file.blob()], { type: 'application/octet-stream' });
        const url = this.#urls.createObjectURL(bytes);
        if (options.signal.aborted) this.#urls.revokeObjectURL(url);
        return { name, type, size, state: 'here', url };
      });
    } catch (error) {
      transfer.fail(error);
    }
  }

  /** Fetches an offered file into where its user wants it; to be called in a click. Its failure is shown in the list. */
  async save(offer: Download): Promise<void> {
    const offered = offer.transfer.state.peek();
    if (offered.phase !== 'done') return;
    const { name, type, size } = offered.result;
    const { source } = offer;
    const transfer = new Transfer<FetchedFile>(name, this.#now);
    this.#list.value = this.#list.peek().map((other) => (other === offer ? { source, transfer } : other));
    try {
      await transfer.run(size, undefined, async (options) => {
        const { fileId } = parseFileLink(source);
        const open = (kept: KeptParts | undefined): Promise<RetrievedFile> =>
          this.#peer.retrieve(source, { ...options, kept });
        const how = await this.#files.saveLarge({
          ...{ head: { name, type, size }, fileId, signal: options.signal, open },
        });
        return { name, type, size, state: 'saved', how };
      });
    } catch (error) {
      transfer.fail(error);
    }
  }

  dismiss(download: Download): void {
    const state = download.transfer.state.peek();
    if (state.phase === 'done' && state.result.state === 'here') this.#urls.revokeObjectURL(state.result.url);
    this.#list.value = this.#list.peek().filter((other) => other !== download);
  }
}

function isWanted(download: Download): boolean {
  const { phase } = download.transfer.state.peek();
  return phase !== 'failed' && phase !== 'cancelled';
}
