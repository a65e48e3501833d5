// What every Settings must do (peer/ports.ts).

import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src/peer/ports.ts';

export interface SettingsFactory {
  /** New, empty settings. */
  open(): Promise<Settings>;
  /** For settings that outlive their process. */
  readonly reopen?: (settings: Settings) => Promise<Settings>;
}

export function describeSettings(name: string, { open, reopen }: SettingsFactory): void {
  describe(`${name} as settings`, () => {
    test('gives back what was set', async () => {
      const settings = await open();
      const values = [null, true, 0, 1.5, '', 'naïve 日本 😀', [], [1, ['two']], {}, { a: { b: [null] } }];
      for (const value of values) {
        await settings.set('name', value);
        expect(await settings.get('name')).toEqual(value);
      }
    });

    test('has nothing of what was never set', async () => {
      const settings = await open();
      await settings.set('one', 1);
      expect(await settings.get('other')).toBe(undefined);
    });

    test('is not changed by changing a value that was set or got', async () => {
      const settings = await open();
      const value = { list: [1] };
      await settings.set('name', value);
      value.list.push(2);
      expect(await settings.get('name')).toEqual({ list: [1] });
    });

    test.skipIf(reopen === undefined)('has the same after it was closed and opened', async () => {
      const settings = await open();
      await settings.set('name', { list: [1] });
      expect(await (await reopen?.(settings))?.get('name')).toEqual({ list: [1] });
    });
  });
}
