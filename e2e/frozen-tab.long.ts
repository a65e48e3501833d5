// A tab whose process stands still for so long that its Discovery node has forgotten it too.

import { test } from 'playwright/test';
import { frozenTabComesBack } from './support/frozen-tab.ts';

const FROZEN_MS = 90_000;

test('a tab frozen for 90 s is left out, delivers nothing stale when it wakes, and is back within 15 s', async ({
  browser,
}) => {
  test.setTimeout(2 * FROZEN_MS + 60_000);
  await frozenTabComesBack(browser, FROZEN_MS);
});
