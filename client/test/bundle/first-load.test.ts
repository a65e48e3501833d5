// What a newcomer's browser loads before the page does anything.

import { expect, test, vi } from 'vitest';
import { buildPage, sizeOf } from './built-page.ts';

/** Of JavaScript, gzip as servers send it: until the tab can join, and with what comes meanwhile to be shown then. */
const MAX_BYTES = 120_000;
const MAX_USABLE_BYTES = 135_000;

test('what a tab needs to join is at most 120 KB of gzip JavaScript, and with what it shows then 135', async () => {
  // Packages are other ones while they are tested.
  vi.stubEnv('NODE_ENV', 'production');
  const { first, usable } = await buildPage();
  vi.unstubAllEnvs();
  console.log(`first load: ${sizeOf(first)} bytes to join, ${sizeOf(usable)} with what is shown then`);
  expect(sizeOf(first)).toBeLessThanOrEqual(MAX_BYTES);
  expect(sizeOf(usable)).toBeLessThanOrEqual(MAX_USABLE_BYTES);
});
