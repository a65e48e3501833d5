// Pastry's tables as text: the leaf set sorted by id, the routing table row by row with its empty cells (Pastry, figure 1).

import type { NodeId } from '../core/pastry/id.ts';
import type { PeerInspection } from '../peer/api.ts';

export type Tables = Pick<PeerInspection, 'nodeId' | 'params' | 'leafSet' | 'routingTable'>;

export const COLUMN_DIGITS = [...'0123456789abcdef'];
/** Longer ids are cut in the routing table, or no line would fit a screen; the leaf set has them whole. */
const WHOLE_ID_DIGITS = 8;
/** Before a line's first cell: its row. */
const MARGIN_CHARACTERS = 5;

/** Each once, by id. */
export function sortedLeaves({ leafSet }: Pick<Tables, 'leafSet'>): readonly NodeId[] {
  return [...new Set([...leafSet.cw, ...leafSet.ccw])].sort();
}

export function leafSetLines({ leafSet, params }: Tables): readonly string[] {
  const leaves = sortedLeaves({ leafSet });
  const sideOf = (nodeId: NodeId): string => {
    if (!leafSet.ccw.includes(nodeId)) return 'clockwise';
    return leafSet.cw.includes(nodeId) ? 'both sides' : 'counterclockwise';
  };
  const head = `leaf set: ${leaves.length} of ${params.leafSetSize}`;
  return [head, ...leaves.map((nodeId) => `  ${nodeId}  ${sideOf(nodeId)}`)];
}

/** `columns`: of the terminal, if it is one: a line that wraps is no row any more. */
export function routingTableLines(tables: Tables, columns = Number.POSITIVE_INFINITY): readonly string[] {
  const { nodeId, routingTable, params } = tables;
  const { digits } = params;
  const isLong = digits > WHOLE_ID_DIGITS;
  const lastRow = routingTable.reduce((last, { row }) => Math.max(last, row), isLong ? 0 : digits - 1);
  const entryByCell = new Map(routingTable.map((entry) => [`${entry.row}${entry.column}`, entry.nodeId]));
  const fitting = Math.floor((columns - MARGIN_CHARACTERS) / COLUMN_DIGITS.length) - 1;
  // All of a row share the digits before its column's: fewer would say nothing.
  const shown = Math.min(digits, Math.max(lastRow + 1, Math.min(WHOLE_ID_DIGITS, fitting)));
  const cellText = (row: number, column: string): string => {
    if (nodeId[row] === column) return '*';
    return entryByCell.get(`${row}${column}`)?.slice(0, shown) ?? '-';
  };
  const width = routingTable.length === 0 ? 1 : shown;
  const line = (name: string, cells: readonly string[]): string =>
    [`  ${name.padEnd(3)}`, ...cells.map((cell) => cell.padEnd(width))].join(' ').trimEnd();
  const entries = routingTable.length === 1 ? '1 entry' : `${routingTable.length} entries`;
  const cut = shown < digits && routingTable.length > 0 ? `first ${shown} digits; ` : '';
  const lines = [`routing table: ${entries} (${cut}- empty, * own digit)`, line('row', COLUMN_DIGITS)];
  for (let row = 0; row <= lastRow; row += 1) {
    lines.push(
      line(
        String(row),
        COLUMN_DIGITS.map((column) => cellText(row, column)),
      ),
    );
  }
  if (lastRow === digits - 2) lines.push(`  row ${digits - 1} is empty`);
  else if (lastRow < digits - 1) lines.push(`  rows ${lastRow + 1} to ${digits - 1} are empty`);
  return lines;
}

/** What is different now, one line for each leaf and each cell. */
export function changedLines(before: Tables, now: Tables): readonly string[] {
  const [leavesBefore, leavesNow] = [sortedLeaves(before), sortedLeaves(now)];
  const gone = leavesBefore.filter((leaf) => !leavesNow.includes(leaf));
  const come = leavesNow.filter((leaf) => !leavesBefore.includes(leaf));
  const cells = (tables: Tables): Map<string, NodeId> =>
    new Map(tables.routingTable.map(({ row, column, nodeId }) => [`row ${row}, column ${column}`, nodeId]));
  const [cellsBefore, cellsNow] = [cells(before), cells(now)];
  const places = [...new Set([...cellsBefore.keys(), ...cellsNow.keys()])];
  const changed = places.filter((place) => cellsBefore.get(place) !== cellsNow.get(place));
  return [
    ...gone.map((leaf) => `leaf set: - ${leaf}`),
    ...come.map((leaf) => `leaf set: + ${leaf}`),
    ...changed.map((place) => `routing table: ${place}: ${cellsNow.get(place) ?? 'empty'}`),
  ];
}
