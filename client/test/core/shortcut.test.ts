import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/pastry/routing/route.ts';
import { LeafSet } from '../../src/core/pastry/tables/leaf-set.ts';
import { NeighborhoodSet } from '../../src/core/pastry/tables/neighborhood-set.ts';
import { RoutingTable } from '../../src/core/pastry/tables/routing-table.ts';
import { handle, id } from './arbitraries.ts';

const SELF = id('1000');

/** They reach 0x400 to each side, so that nodes stand about 0x200 apart. */
const LEAVES = ['0c00', '0e00', '1200', '1400'];

function tables(entries: readonly string[], leaves: readonly string[] = LEAVES) {
  const leafSet = new LeafSet(SELF, leaves.length);
  for (const leaf of leaves) leafSet.add(handle(id(leaf)));
  const routingTable = new RoutingTable(SELF);
  for (const entry of entries) routingTable.put(handle(id(entry)));
  return { leafSet, routingTable, neighborhoodSet: new NeighborhoodSet(4) };
}

function nextHop(key: string, entries: readonly string[], near: readonly string[], avoided: readonly string[] = []) {
  const avoid = (nodeId: string): boolean => avoided.includes(nodeId);
  const distanceMs = ({ nodeId }: { nodeId: string }): number => (near.includes(nodeId) ? 1 : 9);
  return decide(SELF, id(key), tables(entries), avoid, undefined, distanceMs);
}

describe('R53: the last hop but one', () => {
  test('goes to the nearest node that covers the key, in whatever cell it stands', () => {
    expect(nextHop('8100', ['8340', '7f00'], ['7f00'])).toEqual({ rule: 'routing-table', nextHop: '7f00' });
    expect(nextHop('8100', ['8340', '7f00'], ['8340'])).toEqual({ rule: 'routing-table', nextHop: '8340' });
  });

  test('goes to the entry of the key if that is likely to be the root', () => {
    expect(nextHop('8100', ['8200', '7f00'], ['7f00'])).toEqual({ rule: 'routing-table', nextHop: '8200' });
  });

  test('saves a hop where the entry does not cover the key', () => {
    expect(nextHop('8100', ['8f00', '7f00'], ['8f00'])).toEqual({ rule: 'routing-table', nextHop: '7f00' });
  });

  test('never goes to a node that may not cover the key, or is avoided', () => {
    expect(nextHop('8100', ['8f00', '7d00'], ['7d00'])).toEqual({ rule: 'routing-table', nextHop: '8f00' });
    expect(nextHop('8100', ['8340', '7f00'], ['7f00'], ['7f00'])).toEqual({ rule: 'routing-table', nextHop: '8340' });
  });

  test('goes by the paper where a leaf set of two tells nothing of the density', () => {
    const near = ({ nodeId }: { nodeId: string }): number => (nodeId === '7f00' ? 1 : 9);
    const hop = (leaves: readonly string[]) =>
      decide(SELF, id('8100'), tables(['8f00', '7f00'], leaves), () => false, undefined, near);
    expect(hop(['0c00', '1400'])).toEqual({ rule: 'routing-table', nextHop: '8f00' });
    expect(hop(LEAVES)).toEqual({ rule: 'routing-table', nextHop: '7f00' });
  });

  test('never gives up what is shared with the key already', () => {
    const self = id('2c00');
    const leafSet = new LeafSet(self, 4);
    for (const leaf of ['2b80', '2bc0', '2c40', '2c80']) leafSet.add(handle(id(leaf)));
    const routingTable = new RoutingTable(self);
    for (const entry of ['2058', '1fff']) routingTable.put(handle(id(entry)));
    const known = { leafSet, routingTable, neighborhoodSet: new NeighborhoodSet(4) };
    // 1fff is next to the key, but a hop to it would lose the digit that self shares.
    const near = ({ nodeId }: { nodeId: string }): number => (nodeId === '1fff' ? 1 : 9);
    expect(decide(self, id('2010'), known, () => false, undefined, near)).toMatchObject({ nextHop: '2058' });
  });
});
