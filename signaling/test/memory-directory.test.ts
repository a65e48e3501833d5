// The directory of a Discovery node that is alone.

import { expect, test } from 'vitest';
import { IdRecords } from '../id-records.ts';
import { MemoryDirectory } from '../memory-directory.ts';
import { DIGITS, type DirectoryOptions, directoryContract, register } from './directory-contract.ts';
import { seededRandom } from './support.ts';

function open(
  { digits = DIGITS, maxPeersPerAddress = 1_000, seed = 7 }: DirectoryOptions = {},
  records = new IdRecords(),
) {
  return new MemoryDirectory({ digits, maxPeersPerAddress, records, random: seededRandom(seed) });
}

directoryContract({ open: async (options) => open(options), runs: 100 });

test('clients are in no records', async () => {
  const records = new IdRecords();
  await register(open({}, records), 'c1', { role: 'client' });
  expect(records.size).toBe(0);
});
