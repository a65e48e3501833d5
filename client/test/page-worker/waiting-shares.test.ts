// Shares that wait, over a cache in memory.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SharedItem } from '../../src/page-worker/messages.ts';
import { WaitingShares } from '../../src/page-worker/waiting-shares.ts';

const SCOPE = 'https://ring.example/';

class MemoryCache {
  readonly #responses = new Map<string, Response>();

  async keys(): Promise<readonly { readonly url: string }[]> {
    return [...this.#responses.keys()].map((url) => ({ url }));
  }

  async match(url: string): Promise<Response | undefined> {
    return this.#responses.get(url)?.clone();
  }

  async put(url: string, response: Response): Promise<void> {
    this.#responses.set(url, response);
  }

  async delete(url: string): Promise<boolean> {
    return this.#responses.delete(url);
  }
}

beforeEach(() => {
  const byName = new Map<string, MemoryCache>();
  const open = async (name: string): Promise<MemoryCache> => {
    const cache = byName.get(name) ?? new MemoryCache();
    byName.set(name, cache);
    return cache;
  };
  vi.stubGlobal('caches', {
    open,
    has: async (name: string) => byName.has(name),
    delete: async (name: string) => byName.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

function shareOf(files: readonly string[], text = ''): Request {
  const body = new FormData();
  for (const name of files) body.append('files', new File([`bytes of ${name}`], name));
  if (text !== '') body.append('text', text);
  return new Request(`${SCOPE}share-target`, { method: 'POST', body });
}

function nameOf(item: SharedItem): string {
  return item.kind === 'file' ? item.file.name : item.kind === 'text' ? item.text : `refused ${item.name}`;
}

test('what was shared waits in the order in which it came, until it is taken', async () => {
  const shares = new WaitingShares(SCOPE);
  await shares.add(shareOf(['a.jpg', 'b.jpg'], 'words'));
  await shares.add(shareOf(['c.jpg']));
  const waiting = await shares.list();
  expect(waiting.map(({ items }) => items.map(nameOf))).toEqual([['a.jpg', 'b.jpg', 'words'], ['c.jpg']]);
  for (const { id } of waiting) await shares.remove(id);
  expect(await new WaitingShares(SCOPE).list()).toEqual([]);
});

test('of more than 16 the names wait, and are told as refused; of very many a hundred', async () => {
  const shares = new WaitingShares(SCOPE);
  for (let number = 1; number <= 16; number += 1) await shares.add(shareOf([`${number}.jpg`]));
  await shares.add(shareOf(['17.jpg', '17b.jpg']));
  await shares.add(shareOf(['18.jpg'], 'words'));
  const waiting = await shares.list();
  expect(waiting).toHaveLength(17);
  expect(waiting.at(-1)?.items.map(nameOf)).toEqual([
    'refused 17.jpg',
    'refused 17b.jpg',
    'refused 18.jpg',
    'refused ',
  ]);
  for (let number = 19; number <= 220; number += 1) await shares.add(shareOf([`${number}.jpg`]));
  expect((await shares.list()).at(-1)?.items).toHaveLength(100);
  // Once one is taken the next one waits as ever.
  await shares.remove(waiting[0]?.id ?? '');
  await shares.add(shareOf(['221.jpg']));
  expect((await shares.list()).flatMap(({ items }) => items.map(nameOf))).toContain('221.jpg');
});
