// A tab's disk in the hands of a test: blocks in its IndexedDB are spoiled behind the tab's back, and looked at.

import type { Tab } from './ring.ts';

/** Truncated: half of it is gone. Missing: the index still names it. */
export type Damage = 'flipped' | 'truncated' | 'missing';

export async function damageBlock(tab: Tab, digest: string, damage: Damage): Promise<void> {
  await atDisk(tab, digest, damage);
}

/** SHA-256 of what lies on the disk under `digest`, in hex; undefined if nothing does. */
export async function digestOnDisk(tab: Tab, digest: string): Promise<string | undefined> {
  return atDisk(tab, digest);
}

async function atDisk(tab: Tab, digest: string, damage?: Damage): Promise<string | undefined> {
  return tab.page.evaluate(
    async ({ digest, damage }) => {
      const ended = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      // Databases are named after the tab's identity, whichever id it has.
      const profile = await ended(indexedDB.open('tabring:profile:settings'));
      const identities: readonly { readonly name: string; readonly nodeId: string }[] = await ended(
        profile.transaction('settings').objectStore('settings').get('identities'),
      );
      profile.close();
      const name = identities.find(({ nodeId }) => nodeId === window.tabring?.nodeId)?.name;
      const database = await ended(indexedDB.open(`tabring:${name}:blocks`));
      const blocks = database.transaction('blocks', 'readwrite').objectStore('blocks');
      let bytes: unknown = await ended(blocks.get(digest));
      if (damage === 'missing') await ended(blocks.delete(digest));
      if (damage === 'flipped' || damage === 'truncated') {
        if (!(bytes instanceof Uint8Array)) throw new Error('this tab does not have the block');
        const bad = bytes.slice(0, damage === 'truncated' ? bytes.length / 2 : bytes.length);
        bad[0] = ~(bad[0] ?? 0);
        await ended(blocks.put(bad, digest));
      }
      bytes = await ended(blocks.get(digest));
      database.close();
      if (!(bytes instanceof Uint8Array)) return undefined;
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
      return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    { digest, damage },
  );
}
