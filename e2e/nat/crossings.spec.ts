// Every combination of networks that docs/networks.md tells of. npm run test:nat.

import { test } from 'playwright/test';
import { withoutRedis } from '../../signaling/test/redis-server.ts';
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
    { a: 'symmetric', b: 'symmetric', ice: 'stun', relayRate: 2, across: 'server' },
  ],
  [
    'UDP blocked on one side, no TURN, --relay: over the Discovery node',
    { a: 'cone', b: 'symmetric', blocksUdp: 'a', ice: 'stun', relayRate: 2, across: 'server' },
  ],
];

/** Tabs, a Node peer and a Firefox, all at once: the Node peer takes blocks behind the router that lets no UDP out, then sends of them. */
const MIXED: Crossing = { a: 'cone', b: 'symmetric', blocksUdp: 'a', ice: 'stun', relayRate: 0.25, across: 'server' };

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
crosses('UDP blocked on one side, no TURN, --relay: a Node peer there, a Firefox here', {
  ...MIXED,
  programs: { a2: 'node', b2: 'firefox' },
});
crosses('UDP blocked on one side, no TURN, --relay: a Firefox there, a Node peer here', {
  ...MIXED,
  programs: { a2: 'firefox', b1: 'node' },
});
crosses('UDP blocked on one side, no TURN, --relay --redis: each home at a Discovery node of its own', {
  ...{ ...MIXED, hasTwoServers: true },
  programs: { a2: 'node' },
});
for (const [name, crossing] of NODE_CASES) crosses(`${name}, one Node peer`, { ...crossing, programs: { a2: 'node' } });

function crosses(name: string, crossing: Crossing): void {
  test(name, async () => {
    test.skip(noNamespaces !== undefined, noNamespaces);
    test.skip(crossing.ice !== 'none' && noTurn !== undefined, noTurn);
    const hasFirefox = Object.values(crossing.programs ?? {}).includes('firefox');
    test.skip(crossing.hasTwoServers === true && withoutRedis !== undefined, withoutRedis);
    test.skip(hasFirefox && noFirefox !== undefined, noFirefox);
    await cross(crossing);
  });
}
