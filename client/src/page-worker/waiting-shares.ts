// Shares that wait in the browser's cache until a page takes them: a tab may first have to join, or to be opened again.

import type { Share, SharedItem } from './messages.ts';
import { sharedItems } from './shared-form.ts';

/** Of all that waits, bytes: a long video of a phone. What a page stores is kept by the ring; this is on the way there only. */
const MAX_BYTES = 2 ** 30;
/** More than anybody gives before a page has taken the first. */
const MAX_SHARES = 16;
/** Of what comes when so many wait nothing waits but names, so many: a page that takes the others tells them. */
const MAX_NAMES = 100;
const NAMES_ONLY = '-names';
/** Nobody has wanted it since, milliseconds. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

const SIZE = 'X-Tabring-Size';
const KIND = 'X-Tabring-Kind';
const NAME = 'X-Tabring-Name';
const MODIFIED = 'X-Tabring-Modified';

/** Of one item. */
interface WaitingKey {
  readonly key: string;
  /** Of the share. */
  readonly id: string;
  readonly at: number;
}

export class WaitingShares {
  readonly #scope: string;
  readonly #name: string;

  /** `scope`: the address of the page's folder. */
  constructor(scope: string) {
    this.#scope = scope;
    this.#name = `tabring-shares ${scope}`;
  }

  /** Keeps what was posted; what has no room or cannot be read is kept as refused, and so is all of one share too many. */
  async add(request: Request): Promise<void> {
    const cache = await caches.open(this.#name);
    const keys = await this.#keys(cache);
    const waiting = new Set(keys.flatMap(({ id }) => (id.endsWith(NAMES_ONLY) ? [] : [id])));
    if (waiting.size >= MAX_SHARES) return this.#addNames(cache, keys, request);
    const sizes = await Promise.all(keys.map(async ({ key }) => sizeOf(await cache.match(key))));
    const used = sizes.reduce((sum, size) => sum + size, 0);
    const id = `${Date.now()}-${crypto.randomUUID()}`;
    for (const [index, item] of (await itemsOf(request, MAX_BYTES - used)).entries()) {
      const key = `${this.#scope}share-target/${id}/${index}`;
      try {
        await cache.put(key, responseOf(item));
      } catch (error) {
        // The disk is full.
        if (item.kind !== 'file') throw error;
        await cache.put(key, responseOf({ kind: 'refused', name: item.file.name }));
      }
    }
  }

  async #addNames(cache: Cache, keys: readonly WaitingKey[], request: Request): Promise<void> {
    const id = keys.find((each) => each.id.endsWith(NAMES_ONLY))?.id ?? `${Date.now()}${NAMES_ONLY}`;
    const first = keys.filter((each) => each.id === id).length;
    const names = (await itemsOf(request, 0)).map((item) => nameOf(item));
    for (const [index, name] of names.slice(0, MAX_NAMES - first).entries())
      await cache.put(`${this.#scope}share-target/${id}/${first + index}`, responseOf({ kind: 'refused', name }));
  }

  /** The oldest first. */
  async list(): Promise<readonly Share[]> {
    if (!(await caches.has(this.#name))) return [];
    const cache = await caches.open(this.#name);
    const itemsById = new Map<string, SharedItem[]>();
    for (const { key, id, at } of await this.#keys(cache)) {
      if (Date.now() - at > MAX_AGE_MS) {
        await cache.delete(key);
        continue;
      }
      const response = await cache.match(key);
      if (response === undefined) continue;
      const items = itemsById.get(id) ?? [];
      itemsById.set(id, [...items, await itemOf(response)]);
    }
    return [...itemsById].map(([id, items]) => ({ id, items }));
  }

  async remove(id: string): Promise<void> {
    const cache = await caches.open(this.#name);
    const keys = (await this.#keys(cache)).filter((each) => each.id === id);
    await Promise.all(keys.map(({ key }) => cache.delete(key)));
    if ((await cache.keys()).length === 0) await caches.delete(this.#name);
  }

  /** In the order in which they came. */
  async #keys(cache: Cache): Promise<readonly WaitingKey[]> {
    return (await cache.keys()).map(({ url }) => {
      const [id = ''] = url.slice(`${this.#scope}share-target/`.length).split('/');
      return { key: url, id, at: Number.parseInt(id, 10) };
    });
  }
}

async function itemsOf(request: Request, roomBytes: number): Promise<readonly SharedItem[]> {
  try {
    return sharedItems(await request.formData(), roomBytes);
  } catch (error) {
    console.error('what was shared cannot be read', error);
    return [{ kind: 'refused', name: '' }];
  }
}

/** Empty of a text: that is what it says. */
function nameOf(item: SharedItem): string {
  if (item.kind === 'text') return '';
  return item.kind === 'file' ? item.file.name : item.name;
}

function responseOf(item: SharedItem): Response {
  switch (item.kind) {
    case 'file': {
      const { file } = item;
      const headers = { [KIND]: 'file', [NAME]: encodeURIComponent(file.name), [SIZE]: String(file.size) };
      return new Response(file, { headers: { ...headers, [MODIFIED]: String(file.lastModified) } });
    }
    case 'text':
      return new Response(item.text, { headers: { [KIND]: 'text' } });
    case 'refused':
      return new Response(null, { headers: { [KIND]: 'refused', [NAME]: encodeURIComponent(item.name) } });
  }
}

async function itemOf(response: Response): Promise<SharedItem> {
  const { headers } = response;
  const name = decodeURIComponent(headers.get(NAME) ?? '');
  switch (headers.get(KIND)) {
    case 'text':
      return { kind: 'text', text: await response.text() };
    case 'file': {
      const blob = await response.blob();
      const lastModified = Number(headers.get(MODIFIED));
      return { kind: 'file', file: new File([blob], name, { type: blob.type, lastModified }) };
    }
    default:
      return { kind: 'refused', name };
  }
}

function sizeOf(response: Response | undefined): number {
  return Number(response?.headers.get(SIZE) ?? 0);
}
