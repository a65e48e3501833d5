// A member that speaks of five strangers a second: they cost calls, and no connection, of which a tab can create 500.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { SETTLE_MS } from '../node/node-peers.ts';
import { HearsayFlood } from './hearsay-flood.ts';
import { HostileRing } from './hostile-ring.ts';
import { keepOn } from './keep-on.ts';

const STRANGERS_EVERY_SECOND = 5;
/** After so long a tab had made nearly all the connections that it can. */
const SECONDS = 12;

let ring: HostileRing;
beforeEach(async () => {
  ring = await HostileRing.start(3);
}, SETTLE_MS);
afterEach(() => ring.stop());

it('no connection is made for five strangers a second, none becomes a leaf, and the ring goes on', async () => {
  const before = ring.counted('connectionsCreated');
  const flood = new HearsayFlood(ring.hostile);
  await keepOn(
    () => flood.tell(ring.ids, STRANGERS_EVERY_SECOND),
    () => flood.told < STRANGERS_EVERY_SECOND * SECONDS,
    1_000,
  );
  expect(ring.counted('callsMade')).toBeGreaterThan(0);
  // Only the links that were closed for it are made again, by both of their ends at most.
  const again = 2 * ring.counted('links closed as misbehaved');
  expect(ring.counted('connectionsCreated') - before).toBeLessThanOrEqual(again);
  expect(again).toBeLessThan(ring.counted('callsMade'));
  expect(ring.strangers()).toEqual([]);
  await ring.expectRightLookups(10);
});
