import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/pastry/routing/route.ts';
import { LeafSet } from '../../src/core/pastry/tables/leaf-set.ts';
import { NeighborhoodSet } from '../../src/core/pastry/tables/neighborhood-set.ts';
import { RoutingTable } from '../../src/core/pastry/tables/routing-table.ts';
import { handle, id } from './arbitraries.ts';

describe('routing table', () => {
  test('R16: the last row is an ordinary row', () => {
    const table = new RoutingTable(id('1234'));
    expect(table.put(handle(id('1237')))).toEqual({ row: 3, column: 7 });
    expect(table.nextHop(id('1237'))?.nodeId).toBe('1237');
    expect(table.cells()).toEqual([{ row: 3, column: '7', nodeId: '1237' }]);
  });

  test('R16: the own id has no cell', () => {
    const table = new RoutingTable(id('1234'));
    expect(table.cellOf(id('1234'))).toBeUndefined();
    expect(table.put(handle(id('1234')))).toBeUndefined();
  });

  test('R10: only the node itself leaves its cell', () => {
    const table = new RoutingTable(id('1234'));
    table.put(handle(id('5678')));
    expect(table.remove(id('5999'))).toBeUndefined();
    expect(table.remove(id('5678'))).toEqual({ row: 0, column: 5 });
    expect([...table.entries()]).toEqual([]);
  });

  test('R15: the rare case finds a node that only the leaf set knows, and one that only the table knows', () => {
    const self = id('1000');
    const leafSet = new LeafSet(self, 2);
    for (const leaf of ['0f00', '1100']) leafSet.add(handle(id(leaf)));
    const routingTable = new RoutingTable(self);
    const neighborhoodSet = new NeighborhoodSet(4);
    const tables = { leafSet, routingTable, neighborhoodSet };
    // Out of the leaf set's range, no entry for 1 2, and 1100 is closer than self.
    expect(decide(self, id('1200'), tables, () => false)).toEqual({ rule: 'rare-case', nextHop: '1100' });
    routingTable.put(handle(id('7000')));
    expect(decide(self, id('8000'), tables, () => false)).toEqual({ rule: 'rare-case', nextHop: '7000' });
  });
});

describe('neighborhood set', () => {
  test('holds the nearest nodes, nearest first, each once', () => {
    const set = new NeighborhoodSet(2);
    set.offer(handle(id('1000')), 30);
    set.offer(handle(id('2000')), 10);
    set.offer(handle(id('3000')), 20);
    set.offer(handle(id('2000')), 15);
    expect(set.members().map(({ nodeId }) => nodeId)).toEqual(['2000', '3000']);
    set.remove(id('2000'));
    expect(set.has(id('2000'))).toBe(false);
  });

  test('of size 0 stays empty', () => {
    const set = new NeighborhoodSet(0);
    set.offer(handle(id('1000')), 1);
    expect(set.members()).toEqual([]);
  });
});
