// The files being fetched on this page, and those ready to be saved; one of them is open before the user.

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import { parseFileLink } from '../../peer/parse-file-link.ts';
import type { FileHead, RetrievedFile } from '../../peer/retrieved-file.ts';
import { fileHash } from '../text/address.ts';
import { linkLabel } from '../text/link-label.ts';
import type { SavedFile } from '../text/saved-text.ts';
import type { FolderPart } from './folder-parts.ts';
import { IN_MEMORY_BYTES, type OpenFolder, type PageFiles } from './page-files.ts';
import { isUnderWay, Transfer } from './transfer.ts';
import { untilActive } from './until-active.ts';

/**
 * here: fetched, ready to be saved. offered: too large for that; fetched as it is saved. folder: its list is here, its files are
 * fetched as they are saved. saved: the browser has it.
 */
export type FetchedFile = FileHead &
  (
    | { readonly state: 'here'; readonly content: Blob }
    | { readonly state: 'offered' }
    | { readonly state: 'folder'; readonly open: OpenFolder }
    | {
        readonly state: 'saved';
        readonly how: SavedFile;
        /** Undefined of what is too large to be here too. */
        readonly content: Blob | undefined;
      }
  );

export interface Download {
  /** The link or id it was asked for by, from `#/f/` on and in its one spelling. */
  readonly source: string;
  readonly transfer: Transfer<FetchedFile>;
  /** Known long before the content is here. */
  readonly head: ReadonlySignal<FileHead | undefined>;
  /** Its user has asked to save it; it is saved as soon as it can be. */
  readonly isSaveWanted: ReadonlySignal<boolean>;
  /** What is being saved, or has been, out of a folder; latest first. */
  readonly parts: Signal<readonly FolderPart[]>;
}

interface OwnDownload extends Download {
  readonly head: Signal<FileHead | undefined>;
  readonly isSaveWanted: Signal<boolean>;
}

export class Downloads {
  readonly #peer: PeerApi;
  readonly #now: () => number;
  readonly #files: PageFiles;
  readonly #list = signal<readonly OwnDownload[]>([]);
  readonly #opened = signal<string | undefined>(undefined);

  constructor(peer: PeerApi, now: () => number, files: PageFiles) {
    this.#peer = peer;
    this.#now = now;
    this.#files = files;
  }

  /** Latest first. */
  get list(): ReadonlySignal<readonly Download[]> {
    return this.#list;
  }

  /** By which link or id the file before the user was asked for. */
  get opened(): ReadonlySignal<string | undefined> {
    return this.#opened;
  }

  /** True while something is being saved to the user's disk, or will be as soon as it is here. */
  readonly areUnderWay = computed(() =>
    this.#list.value.some(
      ({ isSaveWanted, transfer, parts }) =>
        (isSaveWanted.value && isUnderWay(transfer.state.value)) ||
        parts.value.some((part) => isUnderWay(part.transfer.state.value)),
    ),
  );

  /** The file before the user; read while it is drawn, it is drawn again when it is another one. */
  get before(): Download | undefined {
    return this.#list.value.find(({ source }) => source === this.#opened.value);
  }

  /** Puts a file before the user, and fetches it. */
  open(linkOrId: string): void {
    this.#opened.value = this.#sourceOf(linkOrId);
    void this.fetch(linkOrId);
  }

  /** Puts no file before the user; those opened go on. */
  close(): void {
    this.#opened.value = undefined;
  }

  /** Fetches a file; its failure is shown in the list. Does nothing if the same link is being fetched or is ready. */
  async fetch(linkOrId: string): Promise<void> {
    const source = this.#sourceOf(linkOrId);
    // A try in vain goes with the next, also if its key was another.
    const others = this.#list.peek().filter((other) => isWanted(other) || fileOf(other.source) !== fileOf(source));
    this.#list.value = others;
    if (others.some((other) => other.source === source)) return;
    const download: OwnDownload = this.#download(source, () => linkLabel(source), undefined);
    const { transfer, head, isSaveWanted } = download;
    this.#list.value = [download, ...others];
    try {
      transfer.wait('join');
      await untilActive(this.#peer, transfer.signal);
      await transfer.run(0, undefined, async (options) => {
        const file = await this.#peer.retrieve(source, options);
        const { name, type, size } = file;
        if (file.folder !== undefined) {
          // People know its files' bytes, and no type of it.
          const folder = { name, type: '', size: file.folder.listAt };
          head.value = folder;
          const open = await this.#files.openFolder(file, parseFileLink(source).fileId, options.signal);
          return { ...folder, state: 'folder', open };
        }
        head.value = { name, type, size };
        if (size > IN_MEMORY_BYTES) return { name, type, size, state: 'offered' };
        // A neutral type: a page or picture of a stranger's must be saved, never run under this page's origin.
        const content = new Blob([await file.blob()], { type: 'application/octet-stream' });
        return { name, type, size, state: 'here', content };
      });
      // Of a folder its list is shown first.
      if (isSaveWanted.peek()) await this.save(download);
    } catch (error) {
      transfer.fail(error);
    }
  }

  /**
   * Saves a file, or as soon as it is here; to be called in a click. What is only offered is fetched into where its user wants it.
   * Its failure is shown in the list.
   */
  async save(wanted: Download): Promise<void> {
    const download = this.#list.peek().find((other) => other === wanted);
    if (download === undefined) return;
    download.isSaveWanted.value = true;
    const fetched = download.transfer.state.peek();
    if (fetched.phase !== 'done' || fetched.result.state === 'folder') return;
    const { name, type, size } = fetched.result;
    const content = 'content' in fetched.result ? fetched.result.content : undefined;
    const { source } = download;
    const saving: OwnDownload = this.#download(source, name, { name, type, size });
    const { transfer } = saving;
    this.#list.value = this.#list.peek().map((other) => (other === download ? saving : other));
    try {
      await transfer.run(size, undefined, async (options) => {
        if (content !== undefined) {
          this.#files.save(name, content);
          return { name, type, size, state: 'saved', how: { kind: 'browser', name }, content };
        }
        const { fileId } = parseFileLink(source);
        const open = (kept: KeptParts | undefined): Promise<RetrievedFile> =>
          this.#peer.retrieve(source, { ...options, kept });
        const how = await this.#files.saveLarge({
          ...{ head: { name, type, size }, fileId, signal: options.signal, open },
        });
        return { name, type, size, state: 'saved', how, content };
      });
    } catch (error) {
      transfer.fail(error);
    }
  }

  /** Takes it off the page, and out of memory; what still comes of it comes no more. */
  dismiss(download: Download): void {
    this.#list.value = this.#list.peek().filter((other) => other !== download);
    for (const { transfer } of [download, ...download.parts.peek()]) transfer.cancel();
  }

  /** One file has one entry: its key need not be given again to who comes back to its id. */
  #sourceOf(linkOrId: string): string {
    const source = fileHash(linkOrId);
    const known = this.#list.peek().find((other) => isWanted(other) && other.source.startsWith(`${source}.`));
    return known?.source ?? source;
  }

  #download(source: string, label: string | (() => string), head: FileHead | undefined): OwnDownload {
    const transfer = new Transfer<FetchedFile>(label, this.#now);
    const isSaveWanted = signal(head !== undefined);
    return { source, transfer, head: signal(head), isSaveWanted, parts: signal<readonly FolderPart[]>([]) };
  }
}

/** Of a link, without its key. */
function fileOf(source: string): string {
  const [file = source] = source.split('.', 1);
  return file;
}

function isWanted(download: Download): boolean {
  const { phase } = download.transfer.state.peek();
  return phase !== 'failed' && phase !== 'cancelled';
}
