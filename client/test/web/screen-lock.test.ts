// The screen stays on while files are on their way, and no longer.

import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { Download, FetchedFile } from '../../src/web/model/downloads.ts';
import type { FolderPart } from '../../src/web/model/folder-parts.ts';
import { keepScreenOn } from '../../src/web/model/screen-lock.ts';
import { Transfer } from '../../src/web/model/transfer.ts';
import type { Upload } from '../../src/web/model/uploads.ts';

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

class FakeLock {
  released = false;
  async release(): Promise<void> {
    this.released = true;
  }
}

function setUp({ isDenied = false } = {}) {
  const page = new FakePage();
  const given: FakeLock[] = [];
  const asked = { times: 0 };
  const uploads = { list: signal<readonly Upload[]>([]) };
  const downloads = { list: signal<readonly Download[]>([]) };
  const request = async (): Promise<FakeLock> => {
    asked.times += 1;
    if (isDenied) throw new DOMException('low battery', 'NotAllowedError');
    const lock = new FakeLock();
    given.push(lock);
    return lock;
  };
  keepScreenOn({ uploads, downloads }, { page, locks: { request } });
  const held = (): boolean[] => given.map(({ released }) => !released);
  return { page, given, asked, held, uploads, downloads };
}

/** Runs until `end` is called. */
function running<Result>(result: Result) {
  const transfer = new Transfer<Result>('a file', () => 0);
  let end = (): void => undefined;
  const work = new Promise<Result>((resolve) => {
    end = () => resolve(result);
  });
  const run = () => transfer.run(1, undefined, () => work);
  return { transfer, run, end };
}

const stored = { fileId: '', link: '', route: [] } as never;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the screen stays on', () => {
  test('from the beginning of a store to its end, and not while it waits', async () => {
    const { uploads, held } = setUp();
    const { transfer, run, end } = running(stored);
    uploads.list.value = [transfer];
    transfer.wait('join');
    await settled();
    expect(held()).toEqual([]);
    const over = run();
    await settled();
    expect(held()).toEqual([true]);
    end();
    await over;
    await settled();
    expect(held()).toEqual([false]);
  });

  test('once for several, until the last of them is over or rests', async () => {
    const { uploads, downloads, held } = setUp();
    const store = running(stored);
    const fetch = running<FetchedFile>({ name: 'a', type: '', size: 1, state: 'offered' });
    const part = running<never>(undefined as never);
    uploads.list.value = [store.transfer];
    const parts = signal<readonly FolderPart[]>([]);
    const others = { source: '', head: signal(undefined), isSaveWanted: signal(false), parts };
    downloads.list.value = [{ ...others, transfer: fetch.transfer }];
    const overs = [store.run(), fetch.run()];
    store.end();
    fetch.end();
    parts.value = [{ file: undefined, transfer: part.transfer }];
    overs.push(part.run());
    await settled();
    expect(held()).toEqual([true]);
    part.transfer.togglePause();
    await settled();
    expect(held()).toEqual([false]);
    part.transfer.togglePause();
    await settled();
    expect(held()).toEqual([false, true]);
    part.transfer.cancel();
    await settled();
    expect(held()).toEqual([false, false]);
  });

  test('again when the page is seen again, which the browser took it from', async () => {
    const { uploads, page, given, held } = setUp();
    const { transfer, run } = running(stored);
    uploads.list.value = [transfer];
    void run();
    await settled();
    await given[0]?.release();
    page.become('hidden');
    await settled();
    expect(held()).toEqual([false]);
    page.become('visible');
    page.become('visible');
    await settled();
    expect(held()).toEqual([false, true]);
  });

  test('no longer, if it is granted after the end', async () => {
    const { uploads, held } = setUp();
    const { transfer, run } = running(stored);
    uploads.list.value = [transfer];
    run().catch(() => undefined);
    transfer.cancel();
    await settled();
    expect(held()).toEqual([false]);
  });
});

test('a browser that denies it is asked again when the page is seen again, without a word', async () => {
  const { uploads, page, asked } = setUp({ isDenied: true });
  const { transfer, run } = running(stored);
  uploads.list.value = [transfer];
  void run();
  await settled();
  expect(asked.times).toBe(1);
  page.become('hidden');
  page.become('visible');
  await settled();
  expect(asked.times).toBe(2);
});

test('a browser without locks is left alone', () => {
  const lists = { uploads: { list: signal([]) }, downloads: { list: signal([]) } };
  expect(() => keepScreenOn(lists, { page: new FakePage(), locks: undefined })).not.toThrow();
});
