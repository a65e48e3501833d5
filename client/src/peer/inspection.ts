// A picture of a peer as plain JSON (PeerApi.inspect).

import type { RingParams } from '../core/pastry/params.ts';
import type { OwnFile, PeerInspection } from './api.ts';
import type { LinkFailures } from './link-failures.ts';
import { withRelayed } from './link-list.ts';
import type { Misdeeds } from './misdeeds.ts';
import type { PeerNode } from './parts.ts';
import type { LinkLayer } from './ports.ts';

export interface Inspected {
  readonly node: PeerNode;
  readonly links: LinkLayer;
  readonly params: RingParams;
  readonly status: PeerInspection['status'];
  readonly linkFailures: LinkFailures;
  readonly misdeeds: Misdeeds;
  readonly files: readonly OwnFile[];
  readonly counters: PeerInspection['counters'];
}

export function inspectionOf(inspected: Inspected): PeerInspection {
  const { node, links, params, status, linkFailures, misdeeds, counters } = inspected;
  // A link may have a key in it.
  const files = inspected.files.map(({ link: _, ...file }) => file);
  const { handle, leafSet, routingTable, neighborhoodSet, held } = node.inspect();
  const deviceById: Record<string, string> = { [handle.nodeId]: handle.device };
  for (const nodeId of [...leafSet.cw, ...leafSet.ccw, ...routingTable.map((entry) => entry.nodeId)]) {
    const device = node.deviceOf(nodeId);
    if (device !== undefined) deviceById[nodeId] = device;
  }
  return {
    ...{ nodeId: handle.nodeId, status, params, leafSet, routingTable, neighborhoodSet, files, counters },
    devices: deviceById,
    links: withRelayed(links.links(), node.relayed()),
    linkFailures: linkFailures.list(),
    held: { objects: held.length, bytes: held.reduce((sum, { size }) => sum + size, 0) },
    misdeeds: misdeeds.list(),
  };
}
