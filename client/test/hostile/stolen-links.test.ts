// Links under another's name: through the ring by a member, and through the Discovery node by itself. None opens, the true one
// stays, no connection is made for it, and where an attempt cannot go on it says why.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draw } from '../../../signaling/sponsors.ts';
import { composeNodePeer, type NodePeer } from '../../src/node/compose.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { withOtherFingerprint } from '../contracts/swapping-signalling.ts';
import { NodePeers, SETTLE_MS, until } from '../node/node-peers.ts';
import { HostileDiscovery } from './hostile-discovery.ts';
import { HostilePeer } from './hostile-peer.ts';
import { HostileRing } from './hostile-ring.ts';
import { forgedOffer, ownOffer } from './stolen-offers.ts';

const lastCome: Draw = (pools, _, leftOut) =>
  pools
    .flatMap(({ members }) => members)
    .filter((member) => member !== leftOut)
    .sort((a, b) => b.order - a.order)[0];

/** Changes of links of a peer's, from now on. */
function linkChanges(peer: Peer): readonly string[] {
  const changes: string[] = [];
  peer.subscribe((event) => {
    if (event.type === 'link') changes.push(`${event.state} ${event.nodeId}`);
  });
  return changes;
}

describe('a member that routes signals in the name of another', () => {
  let ring: HostileRing;
  beforeEach(async () => {
    ring = await HostileRing.start(3, { draw: lastCome });
  }, SETTLE_MS);
  afterEach(() => ring.stop());

  it('opens no link as it, at neither end, and the true one stays', async () => {
    const { hostile } = ring;
    const [target, claimed] = [ring.at(0), ring.at(1)];
    const changes = [linkChanges(target), linkChanges(claimed)];
    const before = [target, claimed].map(({ counters }) => counters.connectionsCreated);
    for (const [victim, name] of [
      [target, claimed],
      [claimed, target],
    ] as const) {
      const { nodeId } = victim;
      hostile.saySignal(nodeId, name.nodeId, await ownOffer(hostile, nodeId));
      await until(() => victim.counters.signalsInAnothersName === 1);
      hostile.saySignal(nodeId, name.nodeId, await forgedOffer(hostile, nodeId, name.nodeId));
      await until(() => victim.counters.signalsForged === 1);
      // What was signed for somebody else.
      hostile.saySignal(nodeId, hostile.nodeId, await ownOffer(hostile, name.nodeId));
      await until(() => victim.counters.signalsMisdirected === 1);
    }
    await ring.expectRightLookups(6);
    expect(changes).toEqual([[], []]);
    expect([target, claimed].map(({ counters }) => counters.connectionsCreated)).toEqual(before);
    expect(target.inspect().links).toContainEqual(expect.objectContaining({ nodeId: claimed.nodeId, state: 'open' }));
    expect(claimed.inspect().links).toContainEqual(expect.objectContaining({ nodeId: target.nodeId, state: 'open' }));
  });

  it('changes what it carries for others: noticed, told, and they find another way', async () => {
    const { hostile } = ring;
    let changed = 0;
    hostile.behave({
      hear: (input) => {
        if (input.type !== 'message' || input.message.type !== 'routed') return [input];
        const { payload, key } = input.message;
        if (payload.kind !== 'signal' || key === hostile.nodeId) return [input];
        const data = withOtherFingerprint(payload.data);
        if (data !== payload.data) changed += 1;
        return [{ ...input, message: { ...input.message, payload: { ...payload, data } } }];
      },
    });
    // It came last, so the newcomer is sent to it, and has no other link into the ring at first.
    await ring.peers.open();
    expect(changed).toBeGreaterThan(0);
    await ring.settled();
    expect(ring.counted('signalsForged')).toBeGreaterThan(0);
    expect(ring.counted('ringFallbacks')).toBeGreaterThan(0);
    expect(ring.counted('fingerprintsForeign')).toBe(0);
    await ring.expectRightLookups(6);
  });
});

describe('a Discovery node that lies', () => {
  let peers: NodePeers;
  let lying: HostileDiscovery;
  let joining: NodePeer | undefined;
  beforeEach(async () => {
    peers = await NodePeers.start();
    lying = await HostileDiscovery.start(peers.discovery.url);
  });
  afterEach(async () => {
    await joining?.goodbye();
    joining = undefined;
    await peers.stop();
    await lying.close();
  });

  it('gets no link open by saying that a signal is of another', async () => {
    const [claimed] = [await peers.open()];
    joining = await composeNodePeer({ server: lying.url });
    const { peer: victim } = joining;
    await victim.start();
    await until(() => victim.status === 'active');
    const hostile = await HostilePeer.join({ server: peers.discovery.url });
    await hostile.linked([victim.nodeId, claimed.peer.nodeId]);
    const changes = linkChanges(victim);
    const before = victim.counters.connectionsCreated;
    lying.tell(victim.nodeId, claimed.peer.nodeId, await ownOffer(hostile, victim.nodeId));
    await until(() => victim.counters.signalsInAnothersName === 1);
    lying.tell(victim.nodeId, claimed.peer.nodeId, await forgedOffer(hostile, victim.nodeId, claimed.peer.nodeId));
    await until(() => victim.counters.signalsForged === 1);
    expect(changes).toEqual([]);
    expect(victim.counters.connectionsCreated).toBe(before);
    hostile.goodbye();
  });

  it('lets no link open by swapping fingerprints: the newcomer says why, and joins once it is honest', async () => {
    const member = await peers.open();
    lying.change = withOtherFingerprint;
    joining = await composeNodePeer({ server: lying.url });
    const { peer } = joining;
    await peer.start();
    const failureOf = () => peer.inspect().linkFailures.find(({ nodeId }) => nodeId === member.peer.nodeId);
    await until(() => failureOf()?.stage === 'proof');
    expect(failureOf()?.message).toContain('somebody between the two tabs changes their signals');
    expect(peer.status).toBe('joining');
    expect(member.peer.inspect().links.filter(({ state }) => state === 'open')).toEqual([]);
    expect(member.peer.counters.linksByDiscovery ?? 0).toBe(0);
    expect((member.peer.counters.signalsForged ?? 0) + (peer.counters.signalsForged ?? 0)).toBeGreaterThan(0);
    lying.change = (signal) => signal;
    await until(() => peer.status === 'active');
  });

  it.each([
    ['of both ends at once', /./],
    ['of who answers alone', /answer/],
  ])(
    'swaps the fingerprint %s: neither end opens a link, the newcomer says why, and joins once it is honest',
    async (_, swapped) => {
      const member = await composeNodePeer({ server: lying.url });
      try {
        await member.peer.start();
        await until(() => member.peer.status === 'active');
        let changed = 0;
        lying.change = (signal) => {
          const other = swapped.test(signal) ? withOtherFingerprint(signal) : signal;
          if (other !== signal) changed += 1;
          return other;
        };
        joining = await composeNodePeer({ server: lying.url });
        const { peer } = joining;
        await peer.start();
        const failureOf = () => peer.inspect().linkFailures.find(({ nodeId }) => nodeId === member.peer.nodeId);
        await until(() => failureOf()?.stage === 'proof');
        expect(failureOf()?.message).toContain('somebody between the two tabs changes their signals');
        expect(changed).toBeGreaterThan(0);
        for (const end of [member.peer, peer]) {
          expect(end.inspect().links.filter(({ state }) => state === 'open')).toEqual([]);
          expect(end.counters.linksByDiscovery ?? 0).toBe(0);
        }
        expect((member.peer.counters.signalsForged ?? 0) + (peer.counters.signalsForged ?? 0)).toBeGreaterThan(0);
        lying.change = (signal) => signal;
        await until(() => peer.status === 'active');
      } finally {
        await member.goodbye();
      }
    },
  );
});
