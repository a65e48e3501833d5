// A tab whose process stands still for longer than the ring waits for it. Once more for 90 seconds: npm run test:long.

import { test } from 'playwright/test';
import { frozenTabComesBack } from './support/frozen-tab.ts';

/** The others notice after some ten seconds, and a newcomer joins. */
const FROZEN_MS = 28_000;

test('a tab frozen for 28 s is left out, delivers nothing stale when it wakes, and is back within 15 s', async ({
  browser,
}) => {
  await frozenTabComesBack(browser, FROZEN_MS);
});
