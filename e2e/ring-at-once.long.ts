// Tabs that are opened all at once on an empty ring, again and again: which of them is first is decided by chance.

import { test } from 'playwright/test';
import { openAtOnce } from './support/open-at-once.ts';

const ROUNDS = 10;

for (let round = 1; round <= ROUNDS; round += 1)
  test(`tabs opened all at once on an empty ring form one ring, round ${round} of ${ROUNDS}`, ({ browser }) =>
    openAtOnce(browser));
