import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestId, digitAt, type Id, ringDistance, sharedPrefixLength } from '../../src/core/pastry/id.ts';
import type { NodeHandle } from '../../src/core/pastry/node-handle.ts';
import { decide } from '../../src/core/pastry/routing/route.ts';
import { LeafSet } from '../../src/core/pastry/tables/leaf-set.ts';
import { NeighborhoodSet } from '../../src/core/pastry/tables/neighborhood-set.ts';
import { RoutingTable } from '../../src/core/pastry/tables/routing-table.ts';
import type { Tables } from '../../src/core/pastry/tables/tables.ts';
import { handle, id, ids16 } from './arbitraries.ts';

const nobody = (): boolean => false;

/** Distances that have nothing to do with places on the ring. */
const scattered = ({ nodeId }: NodeHandle): number => Number.parseInt([...nodeId].reverse().join(''), 16);

function perfectTables(self: Id, nodes: readonly Id[], leafSetSize: number): Tables {
  const leafSet = new LeafSet(self, leafSetSize);
  const routingTable = new RoutingTable(self);
  for (const node of nodes) {
    if (node === self) continue;
    leafSet.add(handle(node));
    routingTable.put(handle(node));
  }
  return { leafSet, routingTable, neighborhoodSet: new NeighborhoodSet(4) };
}

function walk(from: Id, key: Id, tablesById: ReadonlyMap<Id, Tables>): Id[] {
  const route = [from];
  for (let at = from; route.length < 64; ) {
    const tables = tablesById.get(at);
    const decision = tables && decide(at, key, tables, nobody, undefined, scattered);
    if (decision === undefined || decision.rule === 'root') return route;
    at = decision.nextHop;
    route.push(at);
  }
  return route;
}

function ring(nodes: readonly Id[], leafSetSize: number): Map<Id, Tables> {
  return new Map(nodes.map((node) => [node, perfectTables(node, nodes, leafSetSize)]));
}

describe('routing', () => {
  test('R3, R20: the example ring of five, with one leaf on each side', () => {
    const nodes = ['2293', '7eaf', '85d9', '8aa6', 'da7f'].map(id);
    expect(walk(id('2293'), id('818e'), ring(nodes, 2))).toEqual(['2293', '8aa6', '85d9', '7eaf']);
  });

  test('R4, R5, R14: every walk ends at the root and every hop comes closer or shares more', () => {
    fc.assert(
      fc.property(
        ids16,
        fc.constantFrom(2, 4, 16),
        fc.integer({ min: 0, max: 0xffff }),
        fc.nat(),
        (nodes, size, number, pick) => {
          const key = id(number.toString(16).padStart(4, '0'));
          const from = nodes[pick % nodes.length];
          if (from === undefined) return;
          const route = walk(from, key, ring(nodes, size));
          expect(route.at(-1)).toBe(closestId(key, nodes));
          expect(new Set(route).size).toBe(route.length);
          for (let hop = 1; hop < route.length - 1; hop += 1) {
            const before = route[hop - 1] ?? from;
            const after = route[hop] ?? from;
            const gained = sharedPrefixLength(after, key) - sharedPrefixLength(before, key);
            const closer = ringDistance(after, key) <= ringDistance(before, key);
            expect(gained > 0 || closer).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('R15: the rare case finds a node that only the neighborhood set knows', () => {
    const self = id('1000');
    const tables = perfectTables(self, ['0f00', '1100'].map(id), 2);
    tables.neighborhoodSet.offer(handle(id('8100')), 1);
    expect(decide(self, id('8000'), tables, nobody)).toEqual({ rule: 'rare-case', nextHop: '8100' });
  });

  test('R16: a cell holds a node that shares exactly its row and has its column next', () => {
    fc.assert(
      fc.property(ids16, ([self, ...others]) => {
        if (self === undefined) return;
        const { routingTable } = perfectTables(self, others, 2);
        for (const { row, column, nodeId } of routingTable.cells()) {
          expect(sharedPrefixLength(self, nodeId)).toBe(row);
          expect(nodeId[row]).toBe(column);
          expect(digitAt(self, row).toString(16)).not.toBe(column);
        }
        const filled = new Set(others.map((node) => JSON.stringify(routingTable.cellOf(node))));
        expect(routingTable.cells().length).toBe(filled.size);
      }),
    );
  });

  test('R19: a suspect next hop is routed around', () => {
    const self = id('1000');
    const tables = perfectTables(self, ['0f00', '1100', '8000', '9000'].map(id), 2);
    const direct = decide(self, id('8800'), tables, nobody);
    expect(direct).toEqual({ rule: 'routing-table', nextHop: '8000' });
    const around = decide(self, id('8800'), tables, (nodeId) => nodeId === '8000');
    expect(around).toEqual({ rule: 'rare-case', nextHop: '9000' });
  });

  test('R44: the root is never routed around', () => {
    const tables = perfectTables(id('1000'), ['5000', 'a000'].map(id), 16);
    expect(decide(id('1000'), id('5001'), tables, () => true)).toEqual({ rule: 'leaf-set', nextHop: '5000' });
  });
});
