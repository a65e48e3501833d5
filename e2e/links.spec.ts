// Links between two pages of a real browser, over a real Discovery node: the contract of every link layer, then what only
// a browser can show: reloads and crashes.

import { expect, test } from 'playwright/test';
import { LINK_SCENARIOS } from '../client/test/contracts/link-layer.ts';
import { took } from './support/bounds.ts';
import { endOf, idOf, LinksHarness, registered } from './support/links-page/harness.ts';

let harness: LinksHarness;
test.beforeAll(async () => {
  harness = await LinksHarness.start();
});
test.afterAll(async () => {
  await harness.stop();
});

const [idA, idB] = [idOf('a'), idOf('b')];
/** ICE alone would need 5 to 15 s. */
const SEEN_MS = 4_000;

for (const { title, run } of LINK_SCENARIOS) {
  test(`links: ${title}`, async ({ browser }) => {
    const [pageA, pageB] = await Promise.all([harness.open(browser, 'a'), harness.open(browser, 'b')]);
    await run({ a: endOf(pageA), b: endOf(pageB), idA, idB, idOfNobody: idOf('c') });
    await Promise.all([pageA.context().close(), pageB.context().close()]);
  });
}

test('links: the reload of a page is seen at once, and its new link opens', async ({ browser }) => {
  const [pageA, pageB] = await Promise.all([harness.open(browser, 'a'), harness.open(browser, 'b')]);
  const a = endOf(pageA);
  await a.connect(idB);
  await a.logged(`up ${idB}`);
  const start = Date.now();
  const down = Promise.race([a.logged(`down ${idB} goodbye`), a.logged(`down ${idB} lost`)]);
  await Promise.all([pageB.reload(), down]);
  took('a reload seen by the other end', Date.now() - start, SEEN_MS);
  await registered(pageB);
  const b = endOf(pageB);
  await b.connect(idA);
  await Promise.all([a.logged(`up ${idB}`, 2), b.logged(`up ${idA}`)]);
  await b.send(idA, 10, 1000);
  expect(await a.received(idB, 10_000)).toMatchObject({ bytes: 10_000 });
  await Promise.all([pageA.context().close(), pageB.context().close()]);
});

test('links: a page that crashed and comes back replaces its link', async ({ browser }) => {
  const [pageA, pageB] = await Promise.all([harness.open(browser, 'a'), harness.open(browser, 'b')]);
  const a = endOf(pageA);
  await a.connect(idB);
  await a.logged(`up ${idB}`);
  const crashed = pageB.waitForEvent('crash');
  await Promise.all([crashed, pageB.goto('chrome://crash').catch(() => undefined)]);
  // Before ICE has noticed: the link of the crashed page still counts as open here.
  const again = await harness.open(browser, 'b');
  const b = endOf(again);
  await b.connect(idA);
  await Promise.all([a.logged(`down ${idB} lost`), a.logged(`up ${idB}`, 2), b.logged(`up ${idA}`)]);
  expect(await a.log()).toEqual([`up ${idB}`, `down ${idB} lost`, `up ${idB}`]);
  await Promise.all([pageA, pageB, again].map((page) => page.context().close()));
});

test('links: a page that crashed and stays away is lost by ICE', async ({ browser }) => {
  const [pageA, pageB] = await Promise.all([harness.open(browser, 'a'), harness.open(browser, 'b')]);
  const a = endOf(pageA);
  await a.connect(idB);
  await a.logged(`up ${idB}`);
  await Promise.all([pageB.waitForEvent('crash'), pageB.goto('chrome://crash').catch(() => undefined)]);
  await a.logged(`down ${idB} lost`);
  await Promise.all([pageA, pageB].map((page) => page.context().close()));
});
