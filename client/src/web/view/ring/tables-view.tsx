// Pastry's tables as this tab has them: the two halves of the leaf set, the routing table.

import type { NodeId } from '../../../core/pastry/id.ts';
import type { PeerInspection } from '../../../peer/api.ts';
import type { PageModel } from '../../model/page-model.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';

const COLUMNS = '0123456789abcdef';
/** Digits of an id in a table's cell; deeper rows show more, so that the digit that counts is seen. */
const CELL_DIGITS = 4;

export function LeafSetView({ model }: { readonly model: PageModel }) {
  const words = ringWords();
  const { leafSet, params } = model.inspection.value;
  return (
    <Card id="leaf-set" title={words.leafSet} note={words.leafSetNote(params.leafSetSize / 2)}>
      <div class="halves">
        <Half title={words.counterclockwise} nodeIds={leafSet.ccw} />
        <Half title={words.clockwise} nodeIds={leafSet.cw} />
      </div>
    </Card>
  );
}

function Half({ title, nodeIds }: { readonly title: string; readonly nodeIds: readonly NodeId[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {nodeIds.length === 0 ? (
        <p class="empty">{ringWords().nobody}</p>
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
  const words = ringWords();
  const { nodeId, routingTable } = model.inspection.value;
  return (
    <Card id="routing-table" title={words.table} note={words.tableNote}>
      {routingTable.length === 0 ? (
        <p class="empty">{words.tableEmpty}</p>
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
    <section class="scroll" tabIndex={0} aria-label={ringWords().tableLabel}>
      <table class="routing">
        <thead>
          <tr>
            <th scope="col">{ringWords().row}</th>
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
      <td class="own-digit" title={ringWords().ownDigit}>
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
