// Links prove both ends between two tabs of one browser; other pairs are in links-proofs.long.ts.

import { testProofs } from './support/proofs-of-links.ts';

testProofs({ title: 'Chromium and Chromium', open: async (own) => [own, own] });
