// Which identity the tabs of one browser profile get, with the browser's own locks: reloads, closed tabs, crashes.

import { type BrowserContext, expect, type Page, test } from 'playwright/test';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { idOf, LinksHarness, registered } from './support/links-page/harness.ts';

let harness: LinksHarness;
test.beforeAll(async () => {
  harness = await LinksHarness.start();
});
test.afterAll(async () => {
  await harness.stop();
});

interface Leased {
  readonly nodeId: string;
  readonly name: string;
  readonly device: string;
  readonly signKey: string;
  /** That of its former life is there. */
  readonly hasCertificate: boolean;
}

/** Leases an identity, and certifies it as `ifNew` if it is new. */
async function lease(page: Page, ifNew: NodeId): Promise<Leased> {
  await registered(page);
  return page.evaluate(async (newId) => {
    const identity = await window.leaseIdentity(undefined);
    const { name, device, keys, certificate } = identity;
    const { signKey, agreeKey } = keys;
    const nodeId = (identity.wantedId ?? newId) as typeof newId;
    const claims = { role: 'node', nodeId, device, signKey, agreeKey } as const;
    // Nobody checks here who signed it.
    await identity.certified({ ...claims, epoch: 1, issued: 1, expires: 2, signature: 'A'.repeat(86) });
    return { nodeId, name, device, signKey, hasCertificate: certificate !== undefined };
  }, ifNew);
}

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(harness.url);
  return page;
}

const [idA, idB, idC] = [idOf('a'), idOf('b'), idOf('c')];

test('identity: reloaded tabs come back as themselves, with their keys', async ({ browser }) => {
  const context = await browser.newContext();
  const [first, second] = [await openTab(context), await openTab(context)];
  const a = await lease(first, idA);
  const b = await lease(second, idB);
  expect([a.nodeId, b.nodeId]).toEqual([idA, idB]);
  expect(b.device).toBe(a.device);
  for (let reload = 1; reload <= 5; reload += 1) {
    await Promise.all([first.reload(), second.reload()]);
    const [againA, againB] = await Promise.all([lease(first, idC), lease(second, idC)]);
    expect(againA).toEqual({ ...a, hasCertificate: true });
    expect(againB).toEqual({ ...b, hasCertificate: true });
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
