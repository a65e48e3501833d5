// A tab whose network goes and comes back: it registers anew at once, keeps the links that still work, and does not wait for
// ICE to find out which do not.

import { expect, type Locator, test } from 'playwright/test';
import { took } from './support/bounds.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { openPlace } from './support/page.ts';
import { inspect, Ring, type Tab } from './support/ring.ts';

/** ICE says `disconnected` after five seconds, and is then given five more: well before that. */
const FOUND_MS = 8_000;

test('when the network is there again, live links stay and dead ones are found at once', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(4);
  const [tab, dying] = ring.tabs;
  if (tab === undefined || dying === undefined) throw new Error('the ring is too small');
  const { nodeId: dead } = await inspect(dying);
  const { connectionsCreated } = (await inspect(tab)).counters;

  await openPlace(tab, 'console');
  const registrations = await registrationsIn(tab).count();
  await tab.context.setOffline(true);
  await tab.context.setOffline(false);
  await expect(registrationsIn(tab)).toHaveCount(registrations + 1);
  await expect.poll(() => ring.discovery.peers()).toBe(ring.tabs.length);
  await ring.settled();
  expect((await inspect(tab)).counters.connectionsCreated).toBe(connectionsCreated);
  expect((await linksOf(tab)).length).toBe(3);

  await ring.kill(dying);
  const killedAt = Date.now();
  await tab.context.setOffline(true);
  await tab.context.setOffline(false);
  await expect.poll(() => linksOf(tab), { intervals: [100] }).not.toContain(dead);
  took('a dead link found when the network is back', Date.now() - killedAt, FOUND_MS);
  await ring.settled();
  await lookupsAreRight(ring);
  expect((await linksOf(tab)).length).toBe(2);
  await ring.stop();
});

/** What the page says of each registration with the Discovery node. */
function registrationsIn(tab: Tab): Locator {
  return tab.page.locator('#event-log li', { hasText: 'Registered with the Discovery node' });
}

async function linksOf(tab: Tab): Promise<string[]> {
  return (await inspect(tab)).links.filter(({ state }) => state === 'open').map(({ nodeId }) => nodeId);
}
