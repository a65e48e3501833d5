import { describe, expect, test } from 'vitest';
import { WantedCells } from '../../src/core/pastry/maintenance/wanted-cells.ts';
import { RoutingTable } from '../../src/core/pastry/tables/routing-table.ts';
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
    wanted.add(CELL, 0, 0);
    expect(wanted.leastCompared()).toMatchObject(CELL);
    routingTable.put(handle(id('2000')));
    expect(wanted.leastCompared()).toBeUndefined();
  });

  test('keep a node heard of for the next exchange, once', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0, 0);
    expect(wanted.offer(handle(id('2000')))).toBe(true);
    expect(wanted.takeCandidate()?.nodeId).toBe('2000');
    expect(wanted.takeCandidate()).toBeUndefined();
  });

  test('keep none for a cell that is not wanted, or filled meanwhile', () => {
    const routingTable = table();
    const wanted = new WantedCells(routingTable);
    wanted.add(CELL, 0, 0);
    expect(wanted.offer(handle(id('3000')))).toBe(false);
    wanted.offer(handle(id('2000')));
    routingTable.put(handle(id('2fff')));
    expect(wanted.takeCandidate()).toBeUndefined();
  });

  test('are not wanted again soon after they were asked for', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0, 0);
    expect(wanted.takeDue(0)).toEqual([CELL]);
    wanted.add(CELL, 60_000, 60_000);
    expect(wanted.leastCompared()).toBeUndefined();
    wanted.add(CELL, HOUR_MS, HOUR_MS);
    expect(wanted.leastCompared()).toMatchObject(CELL);
  });

  test('are asked for when they are due, each in its time', () => {
    const wanted = new WantedCells(table());
    const other = { row: 1, column: 3 };
    wanted.add(CELL, 0, 1_000);
    wanted.add(other, 500, 1_500);
    expect(wanted.nextDue()).toBe(1_000);
    expect(wanted.takeDue(1_000)).toEqual([CELL]);
    expect(wanted.nextDue()).toBe(1_500);
    expect(wanted.takeDue(1_500)).toEqual([other]);
    expect(wanted.nextDue()).toBeUndefined();
  });

  test('are compared in turn', () => {
    const wanted = new WantedCells(table());
    const other = { row: 1, column: 3 };
    wanted.add(CELL, 0, 0);
    wanted.add(other, 0, 0);
    wanted.compared(CELL.row);
    expect(wanted.leastCompared()).toMatchObject(other);
    wanted.compared(other.row);
    wanted.compared(other.row);
    expect(wanted.leastCompared()).toMatchObject(CELL);
  });

  test('are not asked for if nobody in their row knew a node for them', () => {
    const wanted = new WantedCells(table());
    const other = { row: 1, column: 3 };
    wanted.add(CELL, 0, 0);
    wanted.add(other, 0, 0);
    wanted.compared(CELL.row);
    expect(wanted.takeDue(0)).toEqual([other]);
    wanted.add(CELL, 60_000, 60_000);
    expect(wanted.leastCompared()).toBeUndefined();
  });

  test('count as not compared while a node that was named for them is still to be met', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0, 0);
    wanted.offer(handle(id('2000')));
    wanted.compared(CELL.row);
    expect(wanted.takeDue(0)).toEqual([CELL]);
  });

  test('are asked for all the same if those named in comparisons cannot be linked', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0, 0);
    wanted.compared(CELL.row);
    wanted.addAgain(CELL, 1, 1);
    expect(wanted.takeDue(1)).toEqual([CELL]);
  });

  test('are wanted again at once when the node that was named cannot be linked', () => {
    const wanted = new WantedCells(table());
    wanted.add(CELL, 0, 0);
    wanted.takeDue(0);
    let times = 0;
    for (; times < 100; times += 1) {
      wanted.addAgain(CELL, 1, 1);
      if (wanted.takeDue(1).length === 0) break;
    }
    expect(times).toBeGreaterThan(5);
    expect(times).toBeLessThan(20);
    wanted.addAgain(CELL, HOUR_MS, HOUR_MS);
    expect(wanted.takeDue(HOUR_MS)).toEqual([CELL]);
  });

  test('are bounded', () => {
    const wanted = new WantedCells(table());
    for (let row = 0; row < 10; row += 1) {
      for (let column = 0; column < 16; column += 1) wanted.add({ row, column }, 0, 0);
    }
    expect(wanted.takeDue(0)).toHaveLength(32);
  });
});
