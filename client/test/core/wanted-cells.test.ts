import { describe, expect, test } from 'vitest';
import { RoutingTable } from '../../src/core/pastry/routing-table.ts';
import { WantedCells } from '../../src/core/pastry/wanted-cells.ts';
import { handle, id } from './arbitraries.ts';

const CELL = { row: 0, column: 2 };
const HOUR_MS = 3_600_000;

function table(...entries: string[]): RoutingTable {
  const routingTable = new RoutingTable(id('1000'));
  for (const entry of entries) routingTable.put(handle(id(entry)));
  return routingTable;
}

describe('R51: wanted cells', () => {
  test('are wanted until they are filled', () => {
    const routingTable = table();
    const wanted = new WantedCells(routingTable);
    expect(wanted.add(CELL, 0)).toBe(true);
    expect(wanted.cells()).toEqual([CELL]);
    routingTable.put(handle(id('2000')));
    expect(wanted.cells()).toEqual([]);
  });

  test('keep a node heard of for the next exchange, once', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0);
    expect(wanted.offer(handle(id('2000')))).toBe(true);
    expect(wanted.takeCandidate()?.nodeId).toBe('2000');
    expect(wanted.takeCandidate()).toBeUndefined();
  });

  test('keep none for a cell that is not wanted, or filled meanwhile', () => {
    const routingTable = table();
    const wanted = new WantedCells(routingTable);
    wanted.add(CELL, 0);
    expect(wanted.offer(handle(id('3000')))).toBe(false);
    wanted.offer(handle(id('2000')));
    routingTable.put(handle(id('2fff')));
    expect(wanted.takeCandidate()).toBeUndefined();
  });

  test('are not wanted again soon after they were asked for', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0);
    expect(wanted.takeAll(0)).toEqual([CELL]);
    expect(wanted.add(CELL, 60_000)).toBe(false);
    expect(wanted.add(CELL, HOUR_MS)).toBe(true);
  });

  test('are wanted again at once when the node that was named cannot be linked', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0);
    wanted.takeAll(0);
    expect(wanted.addAgain(CELL, 1)).toBe(true);
    expect(wanted.cells()).toEqual([CELL]);
    for (let tries = 0; tries < 100 && wanted.addAgain(CELL, 1); tries += 1) wanted.takeAll(1);
    expect(wanted.addAgain(CELL, 1)).toBe(false);
    expect(wanted.addAgain(CELL, HOUR_MS)).toBe(true);
  });

  test('are bounded', () => {
    const wanted = new WantedCells(table());
    for (let row = 0; row < 10; row += 1) {
      for (let column = 0; column < 16; column += 1) wanted.add({ row, column }, 0);
    }
    expect(wanted.cells()).toHaveLength(32);
  });
});
