// What every KeyStore must do (trust/key-store.ts).

import { describe, expect, test } from 'vitest';
import type { KeyStore } from '../../src/trust/key-store.ts';
import { keySuite, type StoredKeys } from '../../src/trust/key-suite.ts';

export interface KeyStoreFactory {
  /** A new, empty store. */
  open(): Promise<KeyStore>;
  /** The kinds of keys that it can keep. */
  readonly kinds: readonly StoredKeys['kind'][];
  /** For stores that outlive their process. */
  readonly reopen?: (store: KeyStore) => Promise<KeyStore>;
}

export function describeKeyStore(name: string, { open, kinds, reopen }: KeyStoreFactory): void {
  describe(`${name} as a store of keys`, () => {
    test.each(kinds)('gives back keys that sign as before: %s', async (kind) => {
      const suite = await keySuite();
      const store = await open();
      const keys = await suite.create(kind);
      await store.set('identity-1', keys.stored);
      const stored = await ((await reopen?.(store)) ?? store).get('identity-1');
      if (stored === undefined) throw new Error('the keys are gone');
      const again = await suite.open(stored);
      expect(again).toMatchObject({ signKey: keys.signKey, agreeKey: keys.agreeKey });
      expect(await suite.verify(keys.signKey, await again.sign('word'), 'word')).toBe(true);
    });

    test('has no keys of a name that was never set, or that were deleted', async () => {
      const store = await open();
      const { stored } = await (await keySuite()).create('raw');
      await store.set('identity-1', stored);
      await store.set('0b', stored);
      expect(await store.get('identity-2')).toBe(undefined);
      await store.delete('identity-1');
      await store.delete('identity-1');
      expect(await store.get('identity-1')).toBe(undefined);
      expect(await store.names()).toEqual(['0b']);
    });
  });
}
