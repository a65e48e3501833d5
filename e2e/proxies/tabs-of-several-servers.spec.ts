// Real tabs at two Discovery nodes on one Redis: one of these is killed, Redis is restarted, and both are replaced by others while
// the tabs work.
// (With Node peers it is in npm test: client/test/node/several-servers.test.ts.)

import { randomBytes } from 'node:crypto';
import { type Browser, expect, test } from 'playwright/test';
import { closestId, type Id } from '../../client/src/core/pastry/id.ts';
import { wrongLeafSets } from '../../client/src/node/leaf-sets.ts';
import { registeredAt, ServerGroup } from '../../client/test/node/server-group.ts';
import { withoutRedis } from '../../signaling/test/redis-server.ts';
import { expected, fetchIn, storeIn, type TestFile } from '../support/files.ts';
import { inspect, isActive, newTab, type Tab } from '../support/ring.ts';

/** By then the tabs of a server that has died are registered at another, milliseconds. */
const BACK_MS = 10_000;
const WAIT = { timeout: 120_000, intervals: [50] };
/** Twenty tabs on two cores. */
test.setTimeout(600_000);

declare global {
  interface Window {
    /** All that this tab has been since it was first active. */
    statuses?: string[];
  }
}

test.beforeEach(() => test.skip(withoutRedis !== undefined, withoutRedis));

async function openTabs(browser: Browser, { url }: ServerGroup, count: number): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const tab = await newTab(browser, { explained: (work) => work.then(() => undefined) });
    tabs.push(tab);
    await tab.page.goto(url);
    await isActive(tab);
    await tab.page.evaluate(() => {
      const statuses: string[] = [];
      window.statuses = statuses;
      window.tabring?.subscribe((event) => event.type === 'status' && statuses.push(event.status));
    });
  }
  return tabs;
}

async function settled(tabs: readonly Tab[]): Promise<void> {
  await expect.poll(async () => wrongLeafSets(await Promise.all(tabs.map(inspect))), WAIT).toEqual([]);
}

async function idsOf(tabs: readonly Tab[]): Promise<readonly Id[]> {
  return (await Promise.all(tabs.map(inspect))).map(({ nodeId }) => nodeId);
}

async function registered({ members }: ServerGroup): Promise<number> {
  const each = await Promise.all(members.map(registeredAt));
  return each.reduce((sum, count) => sum + count, 0);
}

/** Whether its Redis answers, as each server says itself. */
async function areReady({ members }: ServerGroup): Promise<readonly boolean[]> {
  return Promise.all(
    members.map(async ({ url }) => {
      const { problems }: { problems: readonly string[] } = JSON.parse(await (await fetch(`${url}/readyz`)).text());
      return !problems.some((problem) => problem.includes('Redis'));
    }),
  );
}

async function expectRightLookups(tabs: readonly Tab[]): Promise<void> {
  const ids = await idsOf(tabs);
  for (const { page } of tabs) {
    const key = randomBytes(16).toString('hex') as Id;
    const root = await page.evaluate(async (key) => (await window.tabring?.lookup(key))?.root, key);
    expect(root).toBe(closestId(key, ids));
  }
}

async function closeAll(tabs: readonly Tab[], group: ServerGroup): Promise<void> {
  for (const { context } of tabs) await context.close();
  await group.stop();
}

function fileOf(seed: number): TestFile {
  return { name: `${seed}.bin`, type: 'application/octet-stream', size: 20_000, seed };
}

test('a server is killed: its tabs are back within ten seconds under their ids, no lookup is wrong, no file lost', async ({
  browser,
}) => {
  const group = await ServerGroup.start(2, false);
  const tabs = await openTabs(browser, group, 8);
  try {
    await settled(tabs);
    const ids = await idsOf(tabs);
    const [victim, other] = group.members;
    const [first, second] = tabs;
    if (victim === undefined || other === undefined || first === undefined || second === undefined)
      throw new Error('not as many as were opened');
    for (const member of group.members) expect(await registeredAt(member)).toBeGreaterThan(0);
    const { link } = await storeIn(first, fileOf(1));
    await group.end(victim, 'SIGKILL');
    const killedAt = performance.now();
    await expect.poll(() => registeredAt(other), WAIT).toBe(tabs.length);
    const ms = performance.now() - killedAt;
    console.log(`all tabs registered again after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(BACK_MS);
    expect(await idsOf(tabs)).toEqual(ids);
    await expectRightLookups(tabs);
    for (const tab of tabs) expect(await fetchIn(tab, link)).toEqual(expected(fileOf(1)));
    for (const { page } of tabs) expect(await page.evaluate(() => window.statuses)).toEqual([]);
  } finally {
    await closeAll(tabs, group);
  }
});

test('Redis is restarted: the ring and a newcomer do not suffer', async ({ browser }) => {
  const group = await ServerGroup.start(2, false);
  const tabs = await openTabs(browser, group, 6);
  try {
    await settled(tabs);
    const ids = await idsOf(tabs);
    const [first] = tabs;
    if (first === undefined) throw new Error('not as many as were opened');
    const { link } = await storeIn(first, fileOf(2));
    await group.redis.kill();
    await expect.poll(() => areReady(group), WAIT).toEqual([false, false]);
    await expectRightLookups(tabs);
    await group.redis.begin();
    await expect.poll(() => areReady(group), WAIT).toEqual([true, true]);
    tabs.push(...(await openTabs(browser, group, 1)));
    await settled(tabs);
    await expect.poll(() => registered(group), WAIT).toBe(tabs.length);
    expect((await idsOf(tabs)).slice(0, ids.length)).toEqual(ids);
    await expectRightLookups(tabs);
    for (const tab of tabs) expect(await fetchIn(tab, link)).toEqual(expected(fileOf(2)));
    for (const { page } of tabs) expect(await page.evaluate(() => window.statuses)).toEqual([]);
  } finally {
    await closeAll(tabs, group);
  }
});

test('a rolling restart under twenty tabs that store and fetch all the time: all succeed, and none leaves the ring', async ({
  browser,
}) => {
  const group = await ServerGroup.start(2, true);
  const tabs = await openTabs(browser, group, 20);
  try {
    await settled(tabs);
    const ids = await idsOf(tabs);
    let [isOver, done] = [false, 0];
    const work = tabs.map(async (tab, index) => {
      for (let seed = index; !isOver; seed += tabs.length) {
        const { link } = await storeIn(tab, fileOf(seed));
        const reader = tabs[(index + 7) % tabs.length] ?? tab;
        expect(await fetchIn(reader, link)).toEqual(expected(fileOf(seed)));
        done += 1;
      }
    });
    for (const member of [...group.members]) {
      const before = done;
      await group.end(member, 'SIGTERM');
      await expect.poll(() => registered(group), WAIT).toBe(tabs.length);
      await group.add();
      await expect.poll(() => done, WAIT).toBeGreaterThan(before + tabs.length);
    }
    isOver = true;
    await Promise.all(work);
    console.log(`${done} files stored and fetched meanwhile`);
    expect(await idsOf(tabs)).toEqual(ids);
    for (const { page } of tabs) expect(await page.evaluate(() => window.statuses)).toEqual([]);
    expect(await registered(group)).toBe(tabs.length);
    await settled(tabs);
    await expectRightLookups(tabs);
  } finally {
    await closeAll(tabs, group);
  }
});
