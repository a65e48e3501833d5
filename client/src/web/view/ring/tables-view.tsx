// Pastry's tables as this tab has them: the two halves of the leaf set, the routing table.

import type { NodeId } from '../../../core/pastry/id.ts';
import type { PeerInspection } from '../../../peer/api.ts';
import type { PageModel } from '../../model/page-model.ts';
import { shortId } from '../../text/format.ts';
import { Card } from '../card.tsx';

const COLUMNS = '0123456789abcdef';
/** Digits of an id in a table's cell; deeper rows show more, so that the digit that counts is seen. */
const CELL_DIGITS = 4;

export function LeafSetView({ model }: { readonly model: PageModel }) {
  const { leafSet, params } = model.inspection.value;
  return (
    <Card
      id="leaf-set"
      title="Leaf set"
      note={`The closest tabs on each side, closest first; at most ${params.leafSetSize / 2} a side.`}
    >
      <div class="halves">
        <Half title="Counterclockwise" nodeIds={leafSet.ccw} />
        <Half title="Clockwise" nodeIds={leafSet.cw} />
      </div>
    </Card>
  );
}

function Half({ title, nodeIds }: { readonly title: string; readonly nodeIds: readonly NodeId[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {nodeIds.length === 0 ? (
        <p class="empty">nobody yet</p>
      ) : (
        <ol>
          {nodeIds.map((nodeId) => (
            <li key={nodeId}>
              <code title={nodeId}>{shortId(nodeId)}</code>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

export function RoutingTableView({ model }: { readonly model: PageModel }) {
  const { nodeId, routingTable } = model.inspection.value;
  return (
    <Card
      id="routing-table"
      title="Routing table"
      note="A node in row r, column c shares r digits with this tab’s id, and its next digit is c."
    >
      {routingTable.length === 0 ? (
        <p class="empty">Empty: this tab knows nobody yet.</p>
      ) : (
        <Grid nodeId={nodeId} routingTable={routingTable} />
      )}
    </Card>
  );
}

function Grid({ nodeId, routingTable }: Pick<PeerInspection, 'nodeId' | 'routingTable'>) {
  const entryByCell = new Map(routingTable.map((entry) => [`${entry.row}${entry.column}`, entry.nodeId]));
  const rows = Math.max(...routingTable.map((entry) => entry.row)) + 1;
  return (
    // A wide table scrolls by itself; tabIndex lets the keyboard do it too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Routing table, scrolls sideways">
      <table class="routing">
        <thead>
          <tr>
            <th scope="col">row</th>
            {[...COLUMNS].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={`row ${row}`}>
              <th scope="row">{row}</th>
              {[...COLUMNS].map((column) => (
                <Cell
                  key={column}
                  row={row}
                  entry={entryByCell.get(`${row}${column}`)}
                  isOwnDigit={nodeId[row] === column}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps {
  readonly row: number;
  readonly entry: NodeId | undefined;
  readonly isOwnDigit: boolean;
}

function Cell({ row, entry, isOwnDigit }: CellProps) {
  if (isOwnDigit) {
    return (
      <td class="own-digit" title="this tab’s own digit: the next row continues here">
        ↓
      </td>
    );
  }
  if (entry === undefined) return <td class="empty-cell">·</td>;
  return (
    <td title={entry}>
      <span class="shared">{entry.slice(0, row)}</span>
      {entry.slice(row, Math.max(CELL_DIGITS, row + 1))}
    </td>
  );
}
