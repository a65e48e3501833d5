// Tables in the text formats of the course that a classroom ring follows (docs/classroom.md): one line for each node or
// row, for programs and for comparing by eye. A node's address is `device:id`, as another network's is `host:port`.

import type { NodeId } from '../core/pastry/id.ts';
import type { PeerInspection } from '../peer/api.ts';
import { COLUMN_DIGITS, sortedLeaves } from './tables-text.ts';

export { isClassroomRing } from '../peer/name-key.ts';

type Tables = Pick<PeerInspection, 'nodeId' | 'params' | 'leafSet' | 'routingTable' | 'devices'>;

/** Of a device's name; the whole is 32 characters of chance. */
const DEVICE_CHARACTERS = 8;
/** In the place of an address, where there is none. */
const NO_ADDRESS = ':';

/** A tab has no address that could be dialled: what names it is its browser profile or machine, and its id there. */
function addressOf(nodeId: NodeId, device: string | undefined): string {
  return `${(device ?? '').slice(0, DEVICE_CHARACTERS)}:${nodeId}`;
}

/** `address, id` of each leaf, by id. */
export function classroomLeafSetLines(tables: Tables): readonly string[] {
  return sortedLeaves(tables).map((nodeId) => nodeLine(nodeId, tables.devices[nodeId]));
}

/** Each row a line of 16 cells `prefix-address`; an empty cell, such as that of a node's own digit, is `prefix-:`. */
export function classroomRoutingTableLines({ nodeId, params, routingTable, devices }: Tables): readonly string[] {
  const entryByCell = new Map(routingTable.map((entry) => [`${entry.row}${entry.column}`, entry.nodeId]));
  return Array.from({ length: params.digits }, (_, row) => {
    const cells = COLUMN_DIGITS.map((column) => {
      const entry = entryByCell.get(`${row}${column}`);
      const address = entry === undefined ? NO_ADDRESS : addressOf(entry, devices[entry]);
      return `${nodeId.slice(0, row)}${column}-${address}`;
    });
    return cells.join(',');
  });
}

export function nodeLine(nodeId: NodeId, device: string | undefined): string {
  return `${addressOf(nodeId, device)}, ${nodeId}`;
}
