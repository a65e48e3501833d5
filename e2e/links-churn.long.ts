// Links opened and closed all the time, as in days of churn, more than Chromium allows connections to exist.

import { expect, test } from 'playwright/test';
import { churn, complaintsOf } from './support/churn.ts';
import { idOf, LinksHarness } from './support/links-page/harness.ts';

const PEERS = ['b', 'c', 'd', 'e'];
/** More than 500 in all. */
const ROUNDS = 130;
/** Chromium throws at this many. */
const CHROMIUM_LIMIT = 500;
/** Half a minute by itself; a crowded machine opens some four links a second. */
const TEST_MS = 300_000;

test('links: 520 opened and closed by one tab, one after the other: none fails', async ({ browser }) => {
  test.setTimeout(TEST_MS);
  const harness = await LinksHarness.start();
  const page = await harness.open(browser, 'a');
  const others = await Promise.all(PEERS.map((prefix) => harness.open(browser, prefix)));
  const errors = complaintsOf([page, ...others]);

  const startedAt = Date.now();
  const churns = await Promise.all(PEERS.map((prefix) => churn(page, idOf(prefix), ROUNDS)));
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const mostNotFreed = Math.max(...churns.map((each) => each.mostNotFreed));
  const putOff = churns.reduce((sum, each) => sum + each.putOff, 0);
  console.log(`${ROUNDS * PEERS.length} links in ${seconds} s, ${putOff} put off; at most ${mostNotFreed} not freed`);

  expect(churns.map(({ opened }) => opened)).toEqual(PEERS.map(() => ROUNDS));
  expect(churns.flatMap(({ failures }) => failures)).toEqual([]);
  expect(mostNotFreed).toBeLessThan(CHROMIUM_LIMIT);
  expect(errors).toEqual([]);
  await Promise.all([page, ...others].map((each) => each.context().close()));
  await harness.stop();
});
