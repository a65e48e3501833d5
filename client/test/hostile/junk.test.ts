// A member that fills the disks with junk: a quota stops it before they are full, and honest stores succeed.

import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { SETTLE_MS } from '../node/node-peers.ts';
import { HostileRing } from './hostile-ring.ts';

const HONEST = 5;
const QUOTA_BYTES = 6 * 1024 * 1024;
/** Four times as much as all disks together take, three copies of each. */
const JUNK_FILES = 80;
const JUNK_BYTES = 512 * 1024;
const HONEST_FILES = 10;
const HONEST_BYTES = 100_000;

let ring: HostileRing;
afterEach(() => ring.stop(), SETTLE_MS);

it('junk leaves half of each disk free, and ten honest stores of ten succeed', async () => {
  ring = await HostileRing.start(HONEST, {}, { quotaBytes: QUOTA_BYTES });
  const { hostile } = ring;
  const junk = Array.from({ length: JUNK_FILES }, (_, index) => new File([randomBytes(JUNK_BYTES)], `junk ${index}`));
  let refused = 0;
  for (let start = 0; start < junk.length; start += 8) {
    const stores = junk.slice(start, start + 8).map((file) => hostile.peer.store(file));
    for (const { status } of await Promise.allSettled(stores)) if (status === 'rejected') refused += 1;
  }
  expect(refused).toBeGreaterThan(0);
  // Not to the byte: two of its blocks may come at the same time.
  for (const { held } of ring.inspections()) expect(held.bytes).toBeLessThan(QUOTA_BYTES / 2 + 2 * JUNK_BYTES);
  const fileIds = await ring.store(HONEST_FILES, HONEST_BYTES);
  await ring.expectReadable(fileIds, HONEST_BYTES);
});
