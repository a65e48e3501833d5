// Light clients over a ring in one process, under virtual time.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { LightNode } from '../../src/node/light-node.ts';
import { Peer } from '../../src/peer/peer.ts';
import type { Settings } from '../../src/peer/ports.ts';
import { SettingsJournals } from '../../src/peer/settings-journals.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { id, messageIds } from '../peer/ids.ts';
import type { TestRing } from '../peer/ring.ts';
import { sha256 } from '../peer/transfer-node.ts';

export interface Client {
  readonly peer: Peer;
  readonly node: LightNode;
}

/** A client whose Discovery node names `sponsors` one after the other, and then the last again and again. */
export async function openClient(ring: TestRing, name: string, ...sponsors: readonly string[]): Promise<Client> {
  return openClientWith(ring, new MemorySettings(), name, ...sponsors);
}

/** The same with the settings of an earlier life. */
export async function openClientWith(
  ring: TestRing,
  settings: Settings,
  name: string,
  ...sponsors: readonly string[]
): Promise<Client> {
  let node: LightNode | undefined;
  let named = 0;
  const nextSponsor = (): NodeId => {
    named += 1;
    return id(sponsors[named - 1] ?? sponsors.at(-1) ?? '');
  };
  const nodeId = id(name);
  const credentials = ring.network.credentials(nodeId, name, ring.nextEpoch(), 'client');
  const peer = new Peer({
    discovery: {
      params: ring.params,
      nodeId,
      sponsor: nextSponsor(),
      askSponsor: async () => {
        if (ring.isDiscoveryAway) throw new Error('away');
        return nextSponsor();
      },
      leave: () => undefined,
    },
    links: ring.network.join(credentials),
    credentials,
    store: new MemoryBlockStore(0),
    settings,
    journals: new SettingsJournals(settings),
    clock: ring.time.clock(),
    sha256,
    seed: 1,
    newId: messageIds(),
    origin: 'https://ring.example',
    calendar: () => ring.time.now,
    ringTime: () => 1_800_000_000_000 + ring.time.now,
    ownerKeys: ring.network.ownerKeys,
    createNode: (config) => {
      node = new LightNode(config);
      return node;
    },
  });
  await peer.start();
  if (node === undefined) throw new Error('no node was made');
  return { peer, node };
}
