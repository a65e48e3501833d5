// The replica set, against a deliberately dumb one.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NodeView, replicaCount } from '../../src/core/past/replicas.ts';
import type { Key, NodeId } from '../../src/core/pastry/id.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { closestOnDistinctDevices, id } from './world.ts';

function handle(nodeId: string, device = nodeId): NodeHandle {
  return { nodeId: id(nodeId), epoch: 1, device, coordinate: UNKNOWN_COORDINATE };
}

function replicaSet(key: Key, nodes: Iterable<NodeHandle>, count: number): readonly NodeId[] {
  return new NodeView(nodes).replicaSet(key, count);
}

const ids = fc.integer({ min: 0, max: 0xffff }).map((value) => id(value.toString(16).padStart(4, '0')));
/** Near the key 8000 and near the wrap, so that ties and both directions come up often. */
const closeIds = fc
  .tuple(fc.constantFrom(0x8000, 0x0000, 0xfff0), fc.integer({ min: -4, max: 4 }))
  .map(([base, offset]) => id(((base + offset) & 0xffff).toString(16).padStart(4, '0')));
const nodes = fc
  .uniqueArray(fc.oneof(ids, closeIds), { maxLength: 12 })
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.constantFrom('a', 'b', 'c', name).map((device) => handle(name, device)))),
  );

describe('replica set', () => {
  test('P1: it is the k closest nodes of distinct devices, then the closest of the rest', () => {
    fc.assert(
      fc.property(fc.oneof(ids, closeIds), nodes, fc.integer({ min: 0, max: 5 }), (key, members, count) => {
        expect(replicaSet(key, members, count)).toEqual(closestOnDistinctDevices(key, members, count));
      }),
      { numRuns: 2_000 },
    );
  });

  test('P1: the order in which nodes are known does not matter', () => {
    fc.assert(
      fc.property(ids, nodes, (key, members) => {
        expect(replicaSet(key, [...members].reverse(), 3)).toEqual(replicaSet(key, members, 3));
      }),
    );
  });

  test('P1: a node that comes displaces at most one member', () => {
    fc.assert(
      fc.property(ids, nodes, ids, (key, members, newcomer) => {
        fc.pre(!members.some((member) => member.nodeId === newcomer));
        const distinct = members.map((member) => handle(member.nodeId));
        const before = replicaSet(key, distinct, 3);
        const after = replicaSet(key, [...distinct, handle(newcomer)], 3);
        expect(before.filter((member) => !after.includes(member)).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('P1: ties go to the higher id, also across the wrap', () => {
    expect(replicaSet(id('1001'), [handle('1000'), handle('1002')], 1)).toEqual([id('1002')]);
    expect(replicaSet(id('0000'), [handle('fff0'), handle('0010')], 1)).toEqual([id('fff0')]);
  });

  test('P1: ten tabs of one browser still keep three copies, on three tabs', () => {
    const tabs = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a'].map((name) => handle(name, 'one browser'));
    expect(replicaSet(id('31'), tabs, 3)).toEqual([id('3'), id('4'), id('2')]);
  });

  test('P2: a ring keeps no more copies than a holder can know of', () => {
    expect(replicaCount(DEFAULT_RING_PARAMS)).toBe(3);
    expect(replicaCount({ ...DEFAULT_RING_PARAMS, leafSetSize: 2 })).toBe(2);
  });
});
