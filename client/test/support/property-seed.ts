// One seed for all property tests, so that a run of the tests says something of the code and nothing of the draw;
// `npm run test:properties` draws others.

import fc from 'fast-check';

const SEED = 20_011_101;

if (process.env.TABRING_RANDOM_SEEDS !== '1') fc.configureGlobal({ seed: SEED });
