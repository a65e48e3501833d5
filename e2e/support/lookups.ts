// Lookups as a proof that the ring works: each must end at the tab whose id is numerically closest.

import { expect } from 'playwright/test';
import { type Ring, rootOf } from './ring.ts';

/** One key in each eighth of the ring, of which none is likely to be an id. */
const FIRST_DIGITS = [...'13579bdf'];

/** Looks keys from all around the ring up, from all tabs in turn. */
export async function lookupsAreRight(ring: Ring): Promise<void> {
  const ids = await ring.ids();
  for (const [index, digit] of FIRST_DIGITS.entries()) {
    const tab = ring.tabs[index % ring.tabs.length];
    const found = await tab?.page.evaluate((key) => window.tabring?.lookup(key), `${digit}${digit}5ca1ab1e`);
    if (found === undefined) throw new Error('the ring has no tab that looks a key up');
    expect(found.root).toBe(rootOf(found.key, ids));
  }
}
