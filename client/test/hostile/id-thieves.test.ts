// Strangers ask for everybody's id at the moment at which a restarted Discovery node can be reached: all keep theirs, and
// nobody leaves the ring for it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { IdRecords } from '../../../signaling/id-records.ts';
import type { Ring } from '../../../signaling/ring.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { NodePeers, until } from '../node/node-peers.ts';
import { IdThieves } from './id-thieves.ts';

const PEERS = 10;
const RESTARTS = 10;
/** The restart from which the Discovery node comes back with its key, and knows nobody any more. */
const FORGETS_AT = 4;

let ring: NodePeers;
beforeEach(async () => {
  ring = await NodePeers.start();
});
afterEach(() => ring.stop());

it(`ten peers keep their ids through ${RESTARTS} restarts, at one of which all is forgotten, and go on in the ring`, async () => {
  await Promise.all(Array.from({ length: PEERS }, () => ring.open()));
  await ring.settled();
  const ids = ring.nodes.map(({ peer }) => peer.nodeId);
  const events: string[] = [];
  const standings = new Map<NodeId, string>();
  for (const { peer } of ring.nodes) {
    peer.subscribe((event) => {
      if (event.type === 'status') events.push(event.status);
      if (event.type === 'discovery') standings.set(peer.nodeId, event.state);
    });
  }
  let discovery: DiscoveryNode = ring.discovery;
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    const { port, url } = discovery;
    const ringOfIds = restart === FORGETS_AT ? forgotten(discovery.ring) : discovery.ring;
    await discovery.close();
    await until(() => ids.every((id) => standings.get(id) === 'away'));
    const thieves = new IdThieves(url, ids);
    discovery = await startDiscoveryNode({ host: '127.0.0.1', port, ring: ringOfIds });
    const stolen = (await thieves.taken()).filter((id) => ids.some((own) => own === id));
    expect(stolen).toEqual([]);
    await until(() => ids.every((id) => standings.get(id) === 'registered'));
    const registered = discovery.nodes().map(({ nodeId }) => nodeId);
    expect(ids.filter((id) => !registered.includes(id))).toEqual([]);
    thieves.stop();
  }
  expect(ring.nodes.map(({ peer }) => peer.nodeId)).toEqual(ids);
  expect(events).toEqual([]);
  await ring.settled();
  await discovery.close();
});

/** What is left of it where the file of ids is lost. */
function forgotten(before: Ring): Ring {
  return { ...before, records: new IdRecords(), isComplete: false };
}
