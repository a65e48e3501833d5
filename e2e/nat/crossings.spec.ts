// Every combination of networks that docs/networks.md tells of. npm run test:nat.

import { test } from 'playwright/test';
import { whyNoFirefox } from '../support/firefox.ts';
import { type Crossing, cross } from './crossing.ts';
import { whyNoNamespaces } from './namespaces.ts';
import { whyNoTurn } from './public-servers.ts';

const noNamespaces = whyNoNamespaces();
const noTurn = whyNoTurn();
const noFirefox = whyNoFirefox();

const CASES: readonly (readonly [string, Crossing])[] = [
  ['cone / cone: direct', { a: 'cone', b: 'cone', ice: 'stun', across: 'direct' }],
  ['cone / symmetric: TURN over UDP', { a: 'cone', b: 'symmetric', ice: 'turn', across: 'turn' }],
  ['symmetric / symmetric: TURN over UDP', { a: 'symmetric', b: 'symmetric', ice: 'turn', across: 'turn' }],
  ['UDP blocked: TURN over TCP', { a: 'cone', b: 'cone', blocksUdp: 'both', ice: 'turn', across: 'turn' }],
  [
    'symmetric / symmetric, no TURN: through the ring',
    { a: 'symmetric', b: 'symmetric', ice: 'stun', hasPublicPeer: true, across: 'ring' },
  ],
  [
    'symmetric / symmetric, no TURN, --relay: over the Discovery node',
    { a: 'symmetric', b: 'symmetric', ice: 'stun', relays: true, across: 'server' },
  ],
  [
    'UDP blocked on one side, no TURN, --relay: over the Discovery node',
    { a: 'cone', b: 'symmetric', blocksUdp: 'a', ice: 'stun', relays: true, across: 'server' },
  ],
];

/** A Node peer beside a tab in the first home. */
const NODE_CASES: readonly (readonly [string, Crossing])[] = [
  ['symmetric / symmetric: TURN over UDP', { a: 'symmetric', b: 'symmetric', ice: 'turn', across: 'turn' }],
  [
    'UDP blocked: its links through the ring, since it has no TURN over TCP',
    {
      ...{ a: 'cone', b: 'cone', blocksUdp: 'both', ice: 'turn', across: 'turn', nodeAcross: 'ring' },
      nodeReason: /A Node peer uses TURN servers over UDP only/,
    },
  ],
];

for (const [name, crossing] of CASES) {
  crosses(name, crossing);
  crosses(`${name}, one Firefox`, { ...crossing, programs: { b2: 'firefox' } });
}
for (const [name, crossing] of NODE_CASES) crosses(`${name}, one Node peer`, { ...crossing, programs: { a2: 'node' } });

function crosses(name: string, crossing: Crossing): void {
  test(name, async () => {
    test.skip(noNamespaces !== undefined, noNamespaces);
    test.skip(crossing.ice !== 'none' && noTurn !== undefined, noTurn);
    const hasFirefox = Object.values(crossing.programs ?? {}).includes('firefox');
    test.skip(hasFirefox && noFirefox !== undefined, noFirefox);
    await cross(crossing);
  });
}
