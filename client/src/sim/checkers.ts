// Rules that must hold, checked from outside against global knowledge. Safety: of one node's tables, at any moment.
// Liveness: of the whole ring, once faults have ended and repair has had its time.

import type { Inspection } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { isMetFirst, sharedDigits } from './arithmetic.ts';
import type { Cluster } from './cluster.ts';
import type { Oracle } from './oracle.ts';

/** A broken rule; `rule` is a stable name, `detail` is for people. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** Safety of one node's tables. */
export function checkTables(node: Inspection, params: RingParams): Violation[] {
  const self = node.handle.nodeId;
  const violations: Violation[] = [];
  const report = (rule: string, detail: string): void => {
    violations.push({ rule, detail: `${self}: ${detail}` });
  };
  const half = Math.floor(params.leafSetSize / 2);
  for (const name of ['cw', 'ccw'] as const) {
    const ids = node.leafSet[name];
    if (ids.includes(self)) report('self-in-leaf-set', name);
    if (ids.length > half) report('leaf-set-too-large', `${name} holds ${ids.length}`);
    for (let index = 1; index < ids.length; index += 1) {
      const nearer = ids[index - 1];
      const farther = ids[index];
      if (nearer === undefined || farther === undefined) continue;
      if (nearer === farther) report('duplicate-leaf', `${name} ${farther}`);
      else if (isMetFirst(self, nearer, farther) !== (name === 'cw'))
        report('leaf-order', `${name} ${nearer} ${farther}`);
    }
  }
  const cells = new Set<string>();
  for (const { row, column, nodeId } of node.routingTable) {
    if (nodeId === self) report('self-in-routing-table', `row ${row}`);
    else if (sharedDigits(self, nodeId) !== row || nodeId[row] !== column) {
      report('cell-prefix', `row ${row} column ${column} holds ${nodeId}`);
    }
    const cell = `${row}/${column}`;
    if (cells.has(cell)) report('duplicate-cell', cell);
    cells.add(cell);
  }
  const neighbours = new Set(node.neighborhoodSet);
  if (neighbours.has(self)) report('self-in-neighborhood-set', '');
  if (neighbours.size !== node.neighborhoodSet.length) report('duplicate-neighbour', node.neighborhoodSet.join(' '));
  if (neighbours.size > params.neighborhoodSize) report('neighborhood-set-too-large', `${neighbours.size}`);
  return violations;
}

/** True if both halves are exactly the true ones. */
export function isLeafSetExact(node: Inspection, ring: Oracle, params: RingParams): boolean {
  const truth = ring.leafSet(node.handle.nodeId, Math.floor(params.leafSetSize / 2));
  return isSame(node.leafSet.cw, truth.cw) && isSame(node.leafSet.ccw, truth.ccw);
}

/** Liveness: all live nodes are active in one ring, with exact leaf sets, no dead entries and no hole that could be filled. */
export function checkRing(cluster: Cluster): Violation[] {
  const { params } = cluster.options;
  const { ring } = cluster.truth;
  const canLink = (a: NodeId, b: NodeId): boolean => cluster.conditions.canLink(a, b);
  const half = Math.floor(params.leafSetSize / 2);
  const violations: Violation[] = [];
  const next = new Map<NodeId, NodeId>();
  for (const host of cluster.hosts) {
    const node = host.machine.inspect();
    const { nodeId } = host;
    violations.push(...checkTables(node, params));
    if (node.status !== 'active') violations.push({ rule: 'not-active', detail: `${nodeId} is ${node.status}` });
    const truth = ring.leafSet(nodeId, half);
    for (const side of ['cw', 'ccw'] as const) {
      if (isSame(node.leafSet[side], truth[side])) continue;
      const detail = `${nodeId} ${side}: has ${node.leafSet[side].join(' ')}, should have ${truth[side].join(' ')}`;
      violations.push({ rule: 'leaf-set-inexact', detail });
    }
    const first = node.leafSet.cw[0];
    if (first !== undefined) next.set(nodeId, first);
    for (const { row, column, nodeId: entry } of node.routingTable) {
      if (!ring.has(entry))
        violations.push({ rule: 'dead-entry', detail: `${nodeId} row ${row} column ${column} ${entry}` });
    }
    for (const cell of holes(node, ring, canLink)) violations.push({ rule: 'hole', detail: `${nodeId} ${cell}` });
  }
  const visited = walk(ring.ids[0], next);
  if (ring.size > 1 && visited !== ring.size) {
    violations.push({ rule: 'split-ring', detail: `clockwise from ${ring.ids[0]}: ${visited} of ${ring.size} nodes` });
  }
  return violations;
}

/** Prefixes of the empty cells that a live node fits to which this node can open a link. */
export function holes(node: Inspection, ring: Oracle, canLink: (a: NodeId, b: NodeId) => boolean): string[] {
  const self = node.handle.nodeId;
  const filled = new Set(node.routingTable.map(({ row, column }) => self.slice(0, row) + column));
  const found: string[] = [];
  for (let row = 0; row < self.length && ring.hasPrefix(self.slice(0, row), self); row += 1) {
    for (let column = 0; column < 16; column += 1) {
      const prefix = self.slice(0, row) + column.toString(16);
      if (self.startsWith(prefix) || filled.has(prefix)) continue;
      for (const id of ring.withPrefix(prefix)) {
        if (!canLink(self, id)) continue;
        found.push(prefix);
        break;
      }
    }
  }
  return found;
}

function walk(start: NodeId | undefined, next: ReadonlyMap<NodeId, NodeId>): number {
  const seen = new Set<NodeId>();
  let at = start;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    at = next.get(at);
  }
  return seen.size;
}

/** The same values in the same order. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
