// Tabs that are opened all at once on an empty ring.

import type { Browser } from 'playwright';
import { Ring } from './ring.ts';

const TABS = 6;

/** Until they are one ring. */
export async function openAtOnce(browser: Browser): Promise<void> {
  const ring = await Ring.start(browser);
  await Promise.all(Array.from({ length: TABS }, () => ring.open()));
  await ring.settled();
  await ring.stop();
}
