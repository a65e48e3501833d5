// The stores in IndexedDB: their contracts, then quota, crashes between two writes and databases that the browser closes.

import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { IdbMap } from '../../src/stores/idb.ts';
import { blocksDatabaseName, IdbBlockStore, metaDatabaseName } from '../../src/stores/idb-block-store.ts';
import { IdbSettings } from '../../src/stores/idb-settings.ts';
import { blockRef, describeBlockStore } from '../contracts/block-store.ts';
import { describeSettings } from '../contracts/settings.ts';

let stores = 0;
const newName = () => {
  stores += 1;
  return `test${stores}`;
};

describeBlockStore('IdbBlockStore', {
  open: () => IdbBlockStore.open(newName()),
  reopen: async (store) => {
    await store.close();
    return IdbBlockStore.open(`test${stores}`);
  },
});
describeSettings('IdbSettings', {
  open: async () => new IdbSettings(newName()),
  reopen: async () => new IdbSettings(`test${stores}`),
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Makes writes to the object store `storeName` fail as a full disk does. */
function exhaustQuota(storeName: string): void {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...parameters) {
    if (this.name === storeName) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    return put.apply(this, parameters);
  });
}

/** From the next write to the object store `storeName` on, nothing reaches the disk. */
function crashAtWriteTo(storeName: string): void {
  let crashed = false;
  const check = (store: IDBObjectStore) => {
    crashed ||= store.name === storeName;
    if (crashed) throw new Error('crashed');
  };
  const { put, delete: remove } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...parameters) {
    check(this);
    return put.apply(this, parameters);
  });
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, ...parameters) {
    check(this);
    return remove.apply(this, parameters);
  });
}

describe('without room', () => {
  test.each(['blocks', 'refs'])('a put is refused with code full and leaves nothing behind: %s', async (storeName) => {
    const name = newName();
    const store = await IdbBlockStore.open(name);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    exhaustQuota(storeName);
    await expect(store.put(blockRef(2, 10), new Uint8Array(10))).rejects.toMatchObject({
      name: 'PeerError',
      code: 'full',
    });
    expect(await store.list()).toEqual([blockRef(1, 10)]);
    expect(await new IdbMap(blocksDatabaseName(name), 'blocks').keys()).toEqual([blockRef(1, 10).digest]);
  });

  test('a block that is there already stays', async () => {
    const store = await IdbBlockStore.open(newName());
    await store.put(blockRef(1, 10), new Uint8Array(10));
    exhaustQuota('blocks');
    await expect(store.put(blockRef(1, 10), new Uint8Array(10))).rejects.toMatchObject({ code: 'full' });
    expect(await store.get(blockRef(1, 10).digest)).toEqual(new Uint8Array(10));
  });
});

describe('after a crash between two writes', () => {
  test('bytes without an index entry are not listed, and are swept when the store is opened', async () => {
    const name = newName();
    const before = await IdbBlockStore.open(name);
    await before.put(blockRef(1, 10), new Uint8Array(10));
    const blocks = new IdbMap(blocksDatabaseName(name), 'blocks');
    for (let orphan = 2; orphan < 250; orphan += 1) await blocks.set(blockRef(orphan, 10).digest, new Uint8Array(10));
    expect(await before.list()).toEqual([blockRef(1, 10)]);
    await before.close();
    const after = await IdbBlockStore.open(name);
    expect(await after.list()).toEqual([blockRef(1, 10)]);
    expect(await blocks.keys()).toEqual([blockRef(1, 10).digest]);
  });

  test.each([
    ['put', 'blocks'],
    ['put', 'refs'],
    ['delete', 'blocks'],
    ['delete', 'refs'],
  ] as const)('every listed block has its bytes, wherever the crash was: %s, %s', async (operation, storeName) => {
    const name = newName();
    const store = await IdbBlockStore.open(name);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    crashAtWriteTo(storeName);
    const work =
      operation === 'put' ? store.put(blockRef(2, 10), new Uint8Array(10)) : store.delete(blockRef(1, 10).digest);
    await expect(work).rejects.toMatchObject({ code: 'storage' });
    vi.restoreAllMocks();
    const after = await IdbBlockStore.open(name);
    for (const { digest } of await after.list()) expect(await after.get(digest)).toBeDefined();
    expect(await new IdbMap(blocksDatabaseName(name), 'blocks').keys()).toHaveLength((await after.list()).length);
  });
});

describe('when the browser closes the database behind the page’s back', () => {
  test('the call that notices is repeated over a fresh connection', async () => {
    const map = new IdbMap(newName(), 'values');
    await map.set('a', 1);
    const transaction = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (this: IDBDatabase, ...parameters) {
      this.close();
      return transaction.apply(this, parameters); // throws InvalidStateError
    });
    await map.set('b', 2);
    expect(await map.keys()).toEqual(['a', 'b']);
  });

  test('it is repeated once, not for ever', async () => {
    const name = newName();
    await new IdbMap(name, 'values').set('a', 1); // opening for the first time takes a transaction too
    const map = new IdbMap(name, 'values');
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('closed', 'InvalidStateError');
    });
    await expect(map.get('a')).rejects.toMatchObject({ name: 'InvalidStateError' });
    expect(transaction).toHaveBeenCalledTimes(2);
  });
});

test('what is no block or no reference in the database is not given out', async () => {
  const name = newName();
  const store = await IdbBlockStore.open(name);
  await store.put(blockRef(1, 10), new Uint8Array(10));
  await new IdbMap(blocksDatabaseName(name), 'blocks').set(blockRef(1, 10).digest, 'not bytes');
  for (const [i, garbage] of [null, 7, {}, { key: 'x', digest: 'y', size: 1 }, { key: 'a', digest: 'b' }].entries()) {
    await new IdbMap(metaDatabaseName(name), 'refs').set(`garbage${i}`, garbage);
  }
  expect(await store.get(blockRef(1, 10).digest)).toBe(undefined);
  expect(await store.list()).toEqual([blockRef(1, 10)]);
});

test('a closed store does not keep its databases from being deleted', async () => {
  const name = newName();
  const store = await IdbBlockStore.open(name);
  await store.close();
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(blocksDatabaseName(name));
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('blocked'));
  });
});
