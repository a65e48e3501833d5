// The one test across networks that runs with all the others: two homes that nothing joins but the ring itself, without any
// help but one public peer. The rest is in crossings.spec.ts.

import { test } from 'playwright/test';
import { cross } from './crossing.ts';
import { whyNoNamespaces } from './namespaces.ts';

const noNamespaces = whyNoNamespaces();
const TEST_MS = 300_000;

test('two homes that no link joins: a file goes through the ring, and the pages say so', async () => {
  test.skip(noNamespaces !== undefined, noNamespaces);
  test.setTimeout(TEST_MS);
  await cross({ a: 'symmetric', b: 'symmetric', ice: 'none', hasPublicPeer: true, across: 'ring' });
});
