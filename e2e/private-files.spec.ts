// A private file in tabs: its holders have nothing of it, its key stays out of sight, and its whole link opens it.

import { expect, test } from 'playwright/test';
import { copiesComplete, fetchErrorIn } from './support/files.ts';
import { openedFile, openPlace } from './support/page.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

const CANARY = 'CANARY-IN-A-COAL-MINE';

test('holders have no byte, name or key of it; the link opens it, also after a reload, and the address bar shows no key', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [storing, ...holders] = ring.tabs;
  if (storing === undefined) throw new Error('no tab');
  const link = await storeCanary(storing, false);
  const [fileId = '', key = ''] = (link.split('/f/')[1] ?? '').split('.');
  await copiesComplete(storing, 3);
  for (const holder of holders) {
    const kept = await everythingKept(holder);
    expect(kept).toContain(fileId);
    expect(kept).not.toContain(CANARY);
    expect(kept).not.toContain(key);
    const said = await holder.page.evaluate(() =>
      JSON.stringify([window.tabring?.inspect(), window.tabring?.listFiles()]),
    );
    expect(said).not.toContain(CANARY);
  }

  const opened = await ring.open(`/#/f/${fileId}.${key}`);
  await isActive(opened);
  const name = openedFile(opened).getByText(`${CANARY}.txt`, { exact: true });
  await expect(name).toBeVisible();
  expect(new URL(opened.page.url()).hash).toBe(`#/f/${fileId}`);
  expect(await opened.page.title()).not.toContain(key);
  await opened.page.reload();
  await opened.page.waitForFunction(() => window.tabring !== undefined);
  await isActive(opened);
  await expect(name).toBeVisible();
  expect(new URL(opened.page.url()).hash).toBe(`#/f/${fileId}`);
  // Nor does going away and coming back need it, by the head or by the browser's own button.
  await openPlace(opened, 'ring');
  await openPlace(opened, 'open');
  await expect(name).toBeVisible();
  expect(new URL(opened.page.url()).hash).toBe(`#/f/${fileId}`);
  await opened.page.goBack();
  await opened.page.goBack();
  await expect(openedFile(opened)).toContainText('every part verified');
  expect(new URL(opened.page.url()).hash).toBe(`#/f/${fileId}`);

  expect(await fetchErrorIn(opened, fileId)).toMatchObject({ code: 'wrong-key' });
  expect(await fetchErrorIn(opened, `${link.slice(0, -43)}${'A'.repeat(43)}`)).toMatchObject({ code: 'wrong-key' });
  expect(await fetchErrorIn(opened, link.slice(0, -3))).toMatchObject({ code: 'bad-link' });

  // A public one is found by the same search: the search can fail.
  await storeCanary(storing, true);
  await copiesComplete(storing, 3);
  const [first] = holders;
  if (first !== undefined) await expect.poll(() => everythingKept(first)).toContain(CANARY);
  await ring.stop();
});

async function storeCanary(tab: Tab, isPublic: boolean): Promise<string> {
  return tab.page.evaluate(
    async ([canary, listed]) => {
      const file = new File([`${canary} `.repeat(10_000)], `${canary}.txt`, { type: 'text/plain' });
      const stored = await window.tabring?.store(file, { isPublic: listed });
      return stored?.link ?? '';
    },
    [CANARY, isPublic] as const,
  );
}

/** All of a tab's IndexedDB and web storage as text. */
function everythingKept({ page }: Tab): Promise<string> {
  return page.evaluate(async () => {
    const wait = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const text = async (value: unknown): Promise<string> => {
      if (value instanceof Blob) return text(await value.arrayBuffer());
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
      if (typeof value !== 'object' || value === null) return String(value);
      return (await Promise.all(Object.entries(value).map(async ([name, each]) => `${name} ${await text(each)}`))).join(
        ' ',
      );
    };
    const all = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await wait(indexedDB.open(name));
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName).objectStore(storeName);
        const [keys, values] = [wait(store.getAllKeys()), wait(store.getAll())];
        all.push(`${name} ${storeName} ${await text(await keys)} ${await text(await values)}`);
      }
      database.close();
    }
    return all.join('\n');
  });
}
