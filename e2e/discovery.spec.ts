// The Discovery node may die: the ring goes on without it, and takes it back when it returns.

import { expect, test } from 'playwright/test';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { isActive, Ring, rootOf } from './support/ring.ts';

const FILE = { name: 'kept.bin', type: 'application/octet-stream', size: 300_000, seed: 7 };
const LATER = { name: 'later.bin', type: 'application/octet-stream', size: 300_000, seed: 8 };

test('without the Discovery node the ring looks up, stores and fetches; restarted, it is joined again', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(5);
  const ids = await ring.ids();
  const [first, second, third] = ring.tabs;
  if (first === undefined || second === undefined || third === undefined) return;
  const { link } = await storeIn(first, FILE);

  await ring.stopDiscovery();
  const key = 'c0ffee'.padEnd(32, '0');
  const found = await second.page.evaluate((key) => window.tabring?.lookup(key), key);
  expect(found?.root).toBe(rootOf(found?.key ?? ids[0] ?? missing(), ids));
  expect(await fetchIn(third, link)).toEqual(expected(FILE));
  const later = await storeIn(second, LATER);
  expect(await fetchIn(first, later.link)).toEqual(expected(LATER));
  await expect(first.page.locator('#discovery')).toHaveText(/ring goes on without it/);

  await ring.restartDiscovery();
  await expect.poll(() => ring.discovery.peers(), { timeout: 30_000 }).toBe(5);
  expect(await ring.ids()).toEqual(ids);
  const newcomer = await ring.open();
  await isActive(newcomer);
  await ring.settled();
  expect(await fetchIn(newcomer, link)).toEqual(expected(FILE));
  await ring.stop();
});

function missing(): never {
  throw new Error('no ids');
}
