// Two rings on one Discovery node, one of them closed, as people meet them: the password is asked for once, an invitation opens
// it without, and tabs of the two never meet.

import { expect, test } from 'playwright/test';
import { entryKeysOf, newTerms, verifierOf } from '../client/src/trust/ring-entry.ts';
import { createRing } from '../signaling/ring.ts';
import { storeIn } from './support/files.ts';
import { openPlace, typeToOpen } from './support/page.ts';
import { inspect, isActive, Ring } from './support/ring.ts';

const PASSWORD = 'open, Sesame';
const INVITATION = 'AAECAwQFBgcICQoLDA0ODw';

test('a closed ring asks for its password, remembers who got in, and is apart from the open one', async ({
  browser,
}) => {
  const terms = newTerms();
  const secrets = await Promise.all([PASSWORD, INVITATION].map((secret) => entryKeysOf(secret, terms)));
  const closed = { name: 'class-3b', ring: await createRing(), entry: { terms, verifiers: secrets.map(verifierOf) } };
  const ring = await Ring.start(browser, { rings: [closed] });
  const outside = await ring.open();
  await isActive(outside);

  const context = await browser.newContext();
  const page = await context.newPage();
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))));
  await page.goto(`${ring.discovery.url}/r/class-3b`);
  const password = page.getByLabel('Password');
  await password.fill('open, barley');
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.getByRole('alert')).toContainText('not this ring’s password');
  expect(ring.discovery.rings[0]?.nodes()).toEqual([]);
  await password.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect.poll(() => ring.discovery.rings[0]?.nodes().length, { timeout: 60_000 }).toBe(1);

  // Proved, and not said: neither as it is, nor in the characters of another alphabet.
  expect(frames.some((frame) => frame.includes('"entry"'))).toBe(true);
  const forms = [PASSWORD, encodeURIComponent(PASSWORD), btoa(PASSWORD), Buffer.from(PASSWORD).toString('hex')];
  for (const form of forms) expect(frames.join('\n')).not.toContain(form);

  const guest = await ring.open(`/r/class-3b/#/join/${INVITATION}`);
  await isActive(guest);
  expect(new URL(guest.page.url()).hash).toBe('');
  const inside = await inspect(guest);
  const host = ring.discovery.rings[0]?.nodes().find(({ nodeId }) => nodeId !== inside.nodeId);
  expect(inside.links.map(({ nodeId }) => nodeId)).toEqual([host?.nodeId]);
  expect((await inspect(outside)).links).toEqual([]);

  // Asked once: what got in is remembered, and is not the password.
  await guest.page.reload();
  await isActive(guest);
  expect((await inspect(guest)).nodeId).toBe(inside.nodeId);
  await page.reload();
  await expect.poll(() => page.evaluate(() => window.tabring?.status), { timeout: 60_000 }).toBe('active');
  await context.close();
  await ring.stop();
});

test('one browser in both rings is another node in each', async ({ browser }) => {
  const second = { name: 'second', ring: await createRing() };
  const ring = await Ring.start(browser, { rings: [second] });
  const first = await ring.open();
  await isActive(first);
  const other = await first.context.newPage();
  await other.goto(`${ring.discovery.url}/r/second/`);
  await expect.poll(() => other.evaluate(() => window.tabring?.status), { timeout: 60_000 }).toBe('active');
  const [here] = ring.discovery.nodes();
  const [there] = ring.discovery.rings[0]?.nodes() ?? [];
  expect(here?.nodeId).not.toBe(there?.nodeId);
  expect(here?.device).not.toBe(there?.device);
  // Each comes back as who it was there.
  await Promise.all([first.page.reload(), other.reload()]);
  await isActive(first);
  await expect.poll(() => other.evaluate(() => window.tabring?.status), { timeout: 60_000 }).toBe('active');
  expect(await other.evaluate(() => window.tabring?.nodeId)).toBe(there?.nodeId);
  expect((await inspect(first)).nodeId).toBe(here?.nodeId);
  await ring.stop();
});

test('a file’s link is still wanted behind the door, whichever way it is opened, and another ring’s page goes there', async ({
  browser,
}) => {
  const terms = newTerms();
  const closed = {
    ...{ name: 'class-3b', ring: await createRing() },
    entry: { terms, verifiers: [verifierOf(await entryKeysOf(INVITATION, terms))] },
  };
  const ring = await Ring.start(browser, { rings: [closed] });
  const invitation = `${ring.discovery.url}/r/class-3b/#/join/${INVITATION}`;
  const host = await ring.open(`/r/class-3b/#/join/${INVITATION}`);
  await isActive(host);
  const { link } = await storeIn(host, { name: 'plan.txt', type: 'text/plain', size: 100, seed: 5 });

  // The whole link of the invitation, where the password is asked for.
  const typing = await (await browser.newContext()).newPage();
  await typing.goto(link);
  const password = typing.getByLabel('Password');
  await password.fill(invitation);
  // The question stays while the Discovery node is gone, with what is typed.
  const lost = typing.waitForEvent('requestfailed');
  await ring.stopDiscovery();
  await lost;
  await ring.restartDiscovery();
  // Who comes before those that are in the ring have registered again begins a ring of its own, which is one with theirs only later.
  await expect.poll(() => ring.discovery.peers(), { timeout: 30_000 }).toBe(1);
  await expect(password).toHaveValue(invitation);
  await password.press('Enter');
  await expect(typing.locator('#opened-name')).toHaveText('plan.txt');
  await typing.context().close();

  // It is put in the address bar of the tab at the door.
  const going = await (await browser.newContext()).newPage();
  await going.goto(link);
  await going.getByLabel('Password').waitFor();
  await going.evaluate((to) => location.assign(to), invitation);
  await going.waitForFunction(() => window.tabring?.status === 'active', undefined, { timeout: 60_000 });
  expect(new URL(going.url()).hash).toBe('');
  await going.context().close();

  // Given to a tab of another ring.
  const outside = await ring.open();
  await isActive(outside);
  await typeToOpen(outside, link);
  await outside.page.getByLabel('Password').fill(INVITATION);
  await outside.page.keyboard.press('Enter');
  await expect(outside.page.locator('#opened-name')).toHaveText('plan.txt');
  await ring.stop();
});

test('what is wrong with an address is said as long as it is this one', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const tab = await ring.open('/#/nowhere');
  await isActive(tab);
  const notice = tab.page.getByText('is not a link to a file');
  await expect(notice).toBeVisible();
  await openPlace(tab, 'ring');
  await expect(notice).toHaveCount(0);
  await tab.page.evaluate(() => location.assign('#/nowhere'));
  await expect(notice).toBeVisible();
  await ring.stop();
});
