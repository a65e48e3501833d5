// Liveness of the store, checked from outside against global knowledge: where each block is, and where none may be.

import { LEASE_SLACK_MS } from '../core/past/lease.ts';
import { hasRoom } from '../core/past/room.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { isSame, type Violation } from './checkers.ts';
import type { Cluster } from './cluster.ts';
import { freeBytesOf } from './disks.ts';
import type { Host } from './host.ts';

/**
 * Each block named in `keyByDigest` is on all of its k closest nodes, or on a node to which one of them points, each on
 * another; and nowhere else but at nodes that can never ask one of these for its word (P17). Where neither a member nor any
 * leaf that could stand in for it has room, a copy is missing, and displaced ones stay.
 */
export function checkReplicas(cluster: Cluster, keyByDigest: ReadonlyMap<string, NodeId>): Violation[] {
  const violations: Violation[] = [];
  const holders = new Map<string, Set<NodeId>>();
  const hostById = new Map<NodeId, Host>();
  for (const host of cluster.hosts) {
    hostById.set(host.nodeId, host);
    for (const digest of host.disk.blockByDigest.keys())
      holders.set(digest, (holders.get(digest) ?? new Set()).add(host.nodeId));
  }
  const targets = pointersOf(cluster);
  for (const [digest, key] of keyByDigest) {
    const actual = [...(holders.get(digest) ?? [])].sort();
    const members = cluster.replicaSet(key);
    const homeOf = (member: NodeId): NodeId =>
      actual.includes(member) ? member : (targets.get(`${member} ${digest}`) ?? member);
    const wanted = [...new Set(members.map(homeOf))].sort();
    const owed = actual.filter((id) => wanted.includes(id) || wanted.every((member) => canAsk(cluster, id, member)));
    const missing = members.filter((member) => !actual.includes(homeOf(member)));
    const isDistinct = wanted.length === members.length;
    if (isDistinct && isSame(owed, wanted)) continue;
    const size = actual.map((id) => hostById.get(id)?.disk.blockByDigest.get(digest)?.size ?? 0)[0] ?? 0;
    const isExcused =
      missing.length > 0 && missing.every((member) => !isRoomFor(cluster, hostById, member, size, actual));
    if (isExcused && isDistinct && actual.length > 0) continue;
    violations.push({
      rule: actual.length === 0 ? 'block-gone' : 'replicas-misplaced',
      detail: `${digest.slice(0, 8)} key ${key}: on ${actual.join(' ')}, should be on ${wanted.join(' ')}`,
    });
  }
  return violations;
}

/** Liveness of leases: what was deleted is nowhere, and neither is what nobody kept on, once its time is over. */
export function checkLeases(
  cluster: Cluster,
  deleted: ReadonlySet<string>,
  endByOrphan: ReadonlyMap<string, number>,
): Violation[] {
  const violations: Violation[] = [];
  const { now } = cluster.ringClock;
  for (const { nodeId, disk } of cluster.hosts) {
    for (const digest of disk.blockByDigest.keys()) {
      const detail = `${digest.slice(0, 8)} at ${nodeId}`;
      if (deleted.has(digest)) violations.push({ rule: 'deleted-block-there', detail });
      if ((endByOrphan.get(digest) ?? now) < now - LEASE_SLACK_MS) violations.push({ rule: 'orphan-kept', detail });
    }
  }
  return violations;
}

/** Where each node says that a block is which it should hold: by its id and the digest. */
function pointersOf(cluster: Cluster): ReadonlyMap<string, NodeId> {
  const targets = new Map<string, NodeId>();
  for (const { machine, nodeId } of cluster.hosts) {
    for (const { digest, target } of machine.inspect().pointers) targets.set(`${nodeId} ${digest}`, target);
  }
  return targets;
}

/** True if a node could hold a block itself, or one of its leaves without a copy could in its place. */
function isRoomFor(
  cluster: Cluster,
  hostById: ReadonlyMap<NodeId, Host>,
  nodeId: NodeId,
  size: number,
  holders: readonly NodeId[],
): boolean {
  const host = hostById.get(nodeId);
  if (host !== undefined && hasRoom(size, freeBytesOf(host.disk), 'primary')) return true;
  return leavesOf(cluster, nodeId).some((leaf) => {
    const disk = hostById.get(leaf)?.disk;
    return disk !== undefined && !holders.includes(leaf) && hasRoom(size, freeBytesOf(disk), 'diverted');
  });
}

function leavesOf(cluster: Cluster, nodeId: NodeId): readonly NodeId[] {
  const { cw, ccw } = cluster.truth.ring.leafSet(nodeId, Math.floor(cluster.options.params.leafSetSize / 2));
  return [...cw, ...ccw];
}

/** True if a message of one can reach the other: over a link, or as a leaf's through others. */
function canAsk(cluster: Cluster, from: NodeId, to: NodeId): boolean {
  return cluster.conditions.canLink(from, to) || leavesOf(cluster, from).includes(to);
}
