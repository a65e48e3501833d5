// The stores in IndexedDB: their contracts, then quota, crashes between two writes and databases that the browser closes.

import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { IdbMap } from '../../src/stores/idb.ts';
import { blocksDatabaseName, IdbBlockStore, metaDatabaseName } from '../../src/stores/idb-block-store.ts';
import { IdbKeyStore } from '../../src/stores/idb-key-store.ts';
import { IdbSettings } from '../../src/stores/idb-settings.ts';
import { keySuite } from '../../src/trust/key-suite.ts';
import { blockRef, describeBlockStore } from '../contracts/block-store.ts';
import { describeKeyStore } from '../contracts/key-store.ts';
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
describeKeyStore('IdbKeyStore', {
  open: async () => new IdbKeyStore(newName()),
  reopen: async () => new IdbKeyStore(`test${stores}`),
  kinds: ['browser', 'raw'],
});

afterEach(() => {
  vi.restoreAllMocks();
});

test('what is kept of a browser’s keys cannot be read, not even by the page', async () => {
  const store = new IdbKeyStore(newName());
  await store.set('identity-1', (await (await keySuite()).create('browser')).stored);
  const { sign } = (await store.get('identity-1')) ?? {};
  const pair = sign as CryptoKeyPair;
  await expect(crypto.subtle.exportKey('jwk', pair.privateKey)).rejects.toThrow('not extractable');
});

test('what is no pair of keys in the database is not given out', async () => {
  const name = newName();
  for (const garbage of [null, 7, {}, { kind: 'raw' }, { kind: 'other', sign: 'x', agree: 'y' }]) {
    await new IdbMap(name, 'keys').set('identity-1', garbage);
    expect(await new IdbKeyStore(name).get('identity-1')).toBe(undefined);
  }
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

/** Of all bytes that are there, listed or not. */
async function digestsIn(name: string): Promise<readonly IDBValidKey[]> {
  return (await new IdbMap(blocksDatabaseName(name), 'blocks').keys()).filter((key) => key !== 'canary');
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
    expect(await digestsIn(name)).toEqual([blockRef(1, 10).digest]);
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
    expect(await digestsIn(name)).toEqual([blockRef(1, 10).digest]);
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
    expect(await digestsIn(name)).toHaveLength((await after.list()).length);
  });
});

describe('P41: cleared by the browser or its user', () => {
  const names: readonly (readonly [string, (name: string) => IdbMap])[] = [
    ['bytes', (name) => new IdbMap(blocksDatabaseName(name), 'blocks')],
    ['index', (name) => new IdbMap(metaDatabaseName(name), 'refs')],
  ];
  test.each(names)('of its %s, it says so once, and goes on', async (_, mapOf) => {
    const name = newName();
    const store = await IdbBlockStore.open(name);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    expect(await store.check()).toBe('intact');
    const map = mapOf(name);
    await map.deleteMany(await map.keys());
    expect(await store.check()).toBe('replaced');
    expect(await store.list()).toEqual([]);
    expect(await digestsIn(name)).toEqual([]);
    expect(await store.check()).toBe('intact');
    await store.put(blockRef(2, 10), new Uint8Array(10));
    expect(await store.list()).toEqual([blockRef(2, 10)]);
  });

  test('with its databases deleted under it', async () => {
    const name = newName();
    const store = await IdbBlockStore.open(name);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    await store.close();
    for (const database of [blocksDatabaseName(name), metaDatabaseName(name)]) {
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(database).onsuccess = resolve;
      });
    }
    expect(await store.check()).toBe('replaced');
    expect(await store.list()).toEqual([]);
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
