import { describe, expect, test } from 'vitest';
import { classroomLeafSetLines, classroomRoutingTableLines } from '../../src/prompt/classroom-text.ts';
import { changedLines, leafSetLines, routingTableLines } from '../../src/prompt/tables-text.ts';
import { leafSetText, routingTableText } from './oracle.ts';
import { StillPeer } from './still-peer.ts';

const TEN = ['1804', '0b94', '1807', '18c1', '1e77', '3f2a', '58c1', '7ad3', '9c0e', 'b641'];

describe('the leaf set', () => {
  test('is printed by id, with its sides', () => {
    expect(leafSetLines(new StillPeer(TEN, 4).inspect())).toEqual([
      'leaf set: 4 of 4',
      '  0b94  counterclockwise',
      '  1807  clockwise',
      '  18c1  clockwise',
      '  b641  clockwise',
    ]);
    const [one, two] = [new StillPeer(['8000']).inspect(), new StillPeer(['8000', '1000']).inspect()];
    expect(leafSetLines(one)).toEqual(['leaf set: 0 of 2']);
    expect(leafSetLines({ ...two, leafSet: { cw: two.leafSet.ccw, ccw: two.leafSet.ccw } })).toEqual([
      'leaf set: 1 of 2',
      '  1000  both sides',
    ]);
  });
});

describe('the routing table', () => {
  test('is printed row by row, with its empty cells', () => {
    expect(routingTableLines(new StillPeer(TEN).inspect())).toEqual([
      'routing table: 9 entries (- empty, * own digit)',
      '  row 0    1    2    3    4    5    6    7    8    9    a    b    c    d    e    f',
      '  0   0b94 *    -    3f2a -    58c1 -    7ad3 -    9c0e -    b641 -    -    -    -',
      '  1   -    -    -    -    -    -    -    -    *    -    -    -    -    -    1e77 -',
      '  2   *    -    -    -    -    -    -    -    -    -    -    -    18c1 -    -    -',
      '  3   -    -    -    -    *    -    -    1807 -    -    -    -    -    -    -    -',
    ]);
  });

  test('of long ids shows their first digits, and as many rows as are used', () => {
    const long = (prefix: string): string => prefix.padEnd(32, '0');
    const inspection = new StillPeer([long('1'), long('5'), long('12')]).inspect();
    const row = (name: string, width: number, cells: readonly string[]): string =>
      [`  ${name}`, ...cells.map((cell) => cell.padEnd(width))].join(' ').trimEnd();
    const empty = (count: number): readonly string[] => Array(count).fill('-');
    const table = (digits: number): readonly string[] => [
      `routing table: 2 entries (first ${digits} digits; - empty, * own digit)`,
      row('row', digits, [...'0123456789abcdef']),
      row('0  ', digits, ['-', '*', ...empty(3), '50000000'.slice(0, digits), ...empty(10)]),
      row('1  ', digits, ['*', '-', '12000000'.slice(0, digits), ...empty(13)]),
      '  rows 2 to 31 are empty',
    ];
    expect(routingTableLines(inspection)).toEqual(table(8));
    // On a terminal no line wraps, as long as there is room for the digits that a row shares.
    for (const [columns, digits] of [
      [200, 8],
      [149, 8],
      [148, 7],
      [80, 3],
      [20, 2],
    ] as const) {
      expect(routingTableLines(inspection, columns)).toEqual(table(digits));
      if (columns > 20) expect(Math.max(...table(digits).map((line) => line.length))).toBeLessThan(columns);
    }
    expect(routingTableLines(new StillPeer([long('1')]).inspect()).slice(1)).toEqual([
      '  row 0 1 2 3 4 5 6 7 8 9 a b c d e f',
      '  0   - * - - - - - - - - - - - - - -',
      '  rows 1 to 31 are empty',
    ]);
  });
});

test('of two pictures of the tables, what is different is told', () => {
  const before = new StillPeer(['1804', '0b94', '3f2a', '58c1']).inspect();
  const now = new StillPeer(['1804', '1e77', '3f11', '58c1']).inspect();
  expect(changedLines(before, now)).toEqual([
    'leaf set: - 0b94',
    'leaf set: - 3f2a',
    'leaf set: + 1e77',
    'leaf set: + 58c1',
    'routing table: row 0, column 0: empty',
    'routing table: row 0, column 3: 3f11',
    'routing table: row 1, column e: 1e77',
  ]);
  expect(changedLines(now, now)).toEqual([]);
});

describe('in the course’s format', () => {
  const address = (id: string): string => `${id}0123:${id}`;

  test.each(TEN)('the tables of %s are those that follow from all ids', (id) => {
    // Of the others at most one fits each cell, but for those that begin with 1.
    const ids = id === '1804' ? TEN : TEN.filter((other) => other === id || !other.startsWith('1'));
    const inspection = new StillPeer([id, ...ids.filter((other) => other !== id)]).inspect();
    expect(`${classroomLeafSetLines(inspection).join('\n')}\n`).toBe(leafSetText(id, ids, address));
    expect(`${classroomRoutingTableLines(inspection).join('\n')}\n`).toBe(routingTableText(id, ids, address));
  });

  test('an empty cell, and that of the own digit, has a colon for an address', () => {
    const inspection = new StillPeer(['1804', '1807']).inspect();
    const lines = classroomRoutingTableLines(inspection);
    expect(lines.map((line) => line.split(',').length)).toEqual([16, 16, 16, 16]);
    expect(lines[0]).toBe([...'0123456789abcdef'].map((digit) => `${digit}-:`).join(','));
    expect(lines[3]?.split(',').slice(4, 8)).toEqual(['1804-:', '1805-:', '1806-:', '1807-18070123:1807']);
    expect(classroomLeafSetLines({ ...inspection, devices: {} })).toEqual([':1807, 1807']);
  });
});
