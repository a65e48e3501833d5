// Which identity the tabs of one browser profile get, with the browser's own locks: reloads, closed tabs, crashes.

import { type BrowserContext, expect, type Page, test } from 'playwright/test';
import { idOf, LinksHarness, registered } from './support/links-page/harness.ts';

let harness: LinksHarness;
test.beforeAll(async () => {
  harness = await LinksHarness.start();
});
test.afterAll(async () => {
  await harness.stop();
});

/** Leases an identity, and settles it under `nodeId` if it is new. */
async function lease(page: Page, nodeId: string): Promise<{ nodeId: string; epoch: number; device: string }> {
  await registered(page);
  return page.evaluate(async (ifNew) => {
    const identity = await window.leaseIdentity(undefined);
    const id = identity.wantedId ?? ifNew;
    const { epoch } = await identity.settle(id as Parameters<typeof identity.settle>[0], '0'.repeat(32));
    return { nodeId: id, epoch, device: identity.device };
  }, nodeId);
}

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(harness.url);
  return page;
}

const [idA, idB, idC] = [idOf('a'), idOf('b'), idOf('c')];

test('identity: reloaded tabs come back as themselves, each in its next life', async ({ browser }) => {
  const context = await browser.newContext();
  const [first, second] = [await openTab(context), await openTab(context)];
  const a = await lease(first, idA);
  const b = await lease(second, idB);
  expect([a.nodeId, b.nodeId]).toEqual([idA, idB]);
  expect(b.device).toBe(a.device);
  for (let reload = 1; reload <= 5; reload += 1) {
    await Promise.all([first.reload(), second.reload()]);
    const [againA, againB] = await Promise.all([lease(first, idC), lease(second, idC)]);
    expect(againA).toEqual({ ...a, epoch: a.epoch + reload });
    expect(againB).toEqual({ ...b, epoch: b.epoch + reload });
  }
  await context.close();
});

test('identity: a new tab takes the identity of one that was closed or crashed, never of a live one', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const first = await openTab(context);
  await lease(first, idA);
  const second = await openTab(context);
  expect((await lease(second, idB)).nodeId).toBe(idB);
  await first.close();
  const third = await openTab(context);
  expect((await lease(third, idC)).nodeId).toBe(idA);
  await Promise.all([third.waitForEvent('crash'), third.goto('chrome://crash').catch(() => undefined)]);
  const fourth = await openTab(context);
  expect((await lease(fourth, idC)).nodeId).toBe(idA);
  await context.close();
});
