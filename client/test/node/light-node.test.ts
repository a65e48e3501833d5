// A light client uses a ring without being in it: nobody's tables know it, nobody's blocks move because of it.

import { describe, expect, it } from 'vitest';
import { closestId, type NodeId } from '../../src/core/pastry/id.ts';
import { id } from '../peer/ids.ts';
import { digestOfBlob, fileOf, TestRing } from '../peer/ring.ts';
import { sha256Of, someBytes } from '../peer/transfer-node.ts';
import { openClient } from './light-client.ts';

const NAMES = ['0a', '1b', '3c', '5d', '7e', '9f', 'b0', 'd1'];

/** Whoever has this node in a table. */
function acquaintances(ring: TestRing, nodeId: NodeId): string[] {
  return [...ring.nodes.keys()].filter((name) => {
    const { leafSet, routingTable, neighborhoodSet } = ring.node(name).peer.inspect();
    const entries = routingTable.map((entry) => entry.nodeId);
    return [...leafSet.cw, ...leafSet.ccw, ...neighborhoodSet, ...entries].includes(nodeId);
  });
}

describe('a light client', () => {
  it('finds the root of any key through its sponsor', async () => {
    const ring = new TestRing({ leafSetSize: 2 });
    await ring.open(...NAMES);
    await ring.time.pass(30_000);
    const { peer } = await openClient(ring, '77', '0a');
    for (let index = 0; index < 16; index += 1) {
      const key = sha256Of(Uint8Array.of(index)).slice(0, 32);
      const { root, route } = await ring.time.result(peer.lookup(key), 30_000);
      expect(root).toBe(closestId(id(key), NAMES.map(id)));
      expect([route[0], route[1], route.at(-1)]).toEqual([id('77'), id('0a'), root]);
    }
  });

  it('stores with all copies elsewhere, and another fetches it after it has gone', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const bytes = someBytes(950_000, 1);
    const storer = await openClient(ring, '77', '0a');
    const stored = await ring.time.result(storer.peer.store(fileOf('a.bin', bytes)), 60_000);
    await ring.time.until(() => storer.node.isComplete, 60_000);
    expect(storer.peer.listFiles().own[0]?.copies).toBe(3);
    expect(storer.peer.listFiles().held).toEqual([]);
    storer.peer.goodbye();
    const held = await Promise.all([...ring.nodes.values()].map(({ store }) => store.list()));
    const copiesByDigest = new Map<string, number>();
    for (const { digest } of held.flat()) copiesByDigest.set(digest, (copiesByDigest.get(digest) ?? 0) + 1);
    expect([...copiesByDigest.values()]).toEqual(Array.from({ length: 11 }, () => 3));
    const reader = await openClient(ring, '78', 'd1');
    const fetched = await ring.time.result(reader.peer.retrieve(stored.link), 60_000);
    expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(bytes));
  });

  it('is in nobody’s tables, however long it stays, and nothing is moved to it', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const { peer } = await openClient(ring, '77', '7e');
    await ring.time.result(peer.store(fileOf('a', someBytes(500_000, 2))), 60_000);
    await ring.time.pass(180_000);
    expect(acquaintances(ring, id('77'))).toEqual([]);
    expect(acquaintances(ring, id('7e'))).toHaveLength(NAMES.length - 1);
    expect(peer.listFiles().held).toEqual([]);
    await ring.time.result(peer.lookup('7'), 30_000);
  });

  it('turns to another node when its sponsor dies, also if the Discovery node was away in between', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    const { peer } = await openClient(ring, '77', '0a', 'd1');
    await ring.time.result(peer.lookup('5'), 30_000);
    ring.isDiscoveryAway = true;
    ring.kill('0a');
    await ring.time.pass(20_000);
    ring.isDiscoveryAway = false;
    const { route } = await ring.time.result(peer.lookup('5'), 30_000);
    expect(route[1]).toBe(id('d1'));
  });

  it('is not active while its sponsor is dead, and is with the next', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    ring.kill('0a');
    const { peer } = await openClient(ring, '77', '0a', 'd1');
    expect(peer.status).toBe('joining');
    expect((await ring.time.result(peer.lookup('5'), 30_000)).route[1]).toBe(id('d1'));
  });

  it('asks another node if its sponsor is not in the ring', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    // Two clients that the Discovery node named to each other.
    const { peer } = await openClient(ring, '77', '78', '0a');
    await openClient(ring, '78', '77');
    expect((await ring.time.result(peer.lookup('5'), 30_000)).route[1]).toBe(id('0a'));
  });

  it('R62: carries nothing for others: a newcomer that was sent to it asks for another sponsor', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    await openClient(ring, '77', '0a');
    const sponsors = ['77', '0a'].map(id);
    ring.anyoneBut = () => sponsors.shift() ?? id('1b');
    await ring.open('e2');
    const { leafSet } = ring.node('e2').peer.inspect();
    expect(new Set([...leafSet.cw, ...leafSet.ccw])).toEqual(new Set(NAMES.map(id)));
    await ring.time.pass(60_000);
    expect(acquaintances(ring, id('77'))).toEqual([]);
  });

  it('leaves at once, and open requests fail', async () => {
    const ring = new TestRing();
    await ring.open(...NAMES);
    const { peer } = await openClient(ring, '77', '0a');
    await ring.time.result(peer.lookup('5'), 30_000);
    const lookup = peer.lookup('9');
    const startedAt = ring.time.now;
    const left = peer.leave();
    await expect(ring.time.result(lookup, 30_000)).rejects.toMatchObject({ name: 'PeerError' });
    await ring.time.result(left, 30_000);
    expect(ring.time.now - startedAt).toBeLessThan(1_000);
    await ring.time.pass(1_000);
    expect(
      ring
        .node('0a')
        .peer.inspect()
        .links.map(({ nodeId }) => nodeId),
    ).not.toContain(id('77'));
  });
});
