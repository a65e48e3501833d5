// Connections made all the time, as in days of churn: a tab makes more than Chromium allows to exist, closed ones included
// until they are freed (500), and meets that limit never. Links that open and close: npm run test:long.

import { expect, test } from 'playwright/test';
import { Authority } from '../client/test/trust/authority.ts';
import { churn, complaintsOf } from './support/churn.ts';
import { endOf, idOf, LinksHarness } from './support/links-page/harness.ts';

/** Chromium throws at this many. */
const CHROMIUM_LIMIT = 500;
/** Attempts that lead to nobody: each makes a connection, fast enough that the garbage collector must be asked. */
const ATTEMPTS = 700;
/** Some ten seconds by itself; a crowded machine makes some ten attempts a second. */
const TEST_MS = 240_000;

test('links: 700 attempts at nobody, as fast as a tab can: the limit is not met, and a link to somebody still opens', async ({
  browser,
}) => {
  test.setTimeout(TEST_MS);
  const harness = await LinksHarness.start();
  const page = await harness.open(browser, 'a');
  const other = await harness.open(browser, 'b');
  const errors = complaintsOf([page, other]);
  // Else it would be called, which costs no connection.
  await endOf(page).introduce((await (await Authority.fixed()).credentials(idOf('f'))).certificate);
  const startedAt = Date.now();
  const storm = await page.evaluate(
    async ({ nobody, attempts }) => {
      const { linksPage } = window;
      if (linksPage === undefined) throw new Error('not registered');
      const { probe } = linksPage;
      let mostNotFreed = 0;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        await probe.connect(nobody);
        while ((await probe.links()).length > 0) await new Promise((resolve) => setTimeout(resolve));
        mostNotFreed = Math.max(mostNotFreed, linksPage.counters().connectionsNotFreed ?? 0);
      }
      const failures = await probe.failures();
      const putOff = failures.filter(({ stage }) => stage === 'budget');
      return { failures: failures.length, putOff: putOff.map(({ message }) => message), mostNotFreed };
    },
    { nobody: idOf('f'), attempts: ATTEMPTS },
  );
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${ATTEMPTS} in ${seconds} s, ${storm.putOff.length} put off; at most ${storm.mostNotFreed} not freed`);
  expect(storm.failures).toBe(ATTEMPTS);
  expect(storm.mostNotFreed).toBeLessThan(CHROMIUM_LIMIT);
  // Chromium's own words are others.
  for (const message of storm.putOff) expect(message).toContain('not freed yet');
  expect(await churn(page, idOf('b'), 3)).toMatchObject({ opened: 3, failures: [] });
  expect(errors).toEqual([]);
  await Promise.all([page, other].map((each) => each.context().close()));
  await harness.stop();
});
