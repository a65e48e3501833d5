// Pastry's tables as this tab has them: the two halves of the leaf set, the routing table. What the moment that is shown is about is lit;
// whatever is pointed at here is looked at in the picture.

import type { NodeId } from '../../../core/pastry/id.ts';
import type { RingStage } from '../../model/ring-stage.ts';
import { cellName } from '../../text/ring/lit.ts';
import { ringFraction } from '../../text/ring-geometry.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';
import type { StageProps } from './ring-place.tsx';

const COLUMNS = '0123456789abcdef';
/** Digits of an id in a table's cell; deeper rows show more, so that the digit that counts is seen. */
const CELL_DIGITS = 4;

export function LeafSetView({ stage }: StageProps) {
  const words = ringWords();
  const { leafSet } = stage.facts.value;
  return (
    <Card id="leaf-set" title={words.leafSet} note={words.leafSetNote(stage.leavesPerSide)}>
      <div class="halves">
        <Half title={words.counterclockwise} nodeIds={leafSet.ccw} stage={stage} />
        <Half title={words.clockwise} nodeIds={leafSet.cw} stage={stage} />
      </div>
    </Card>
  );
}

interface HalfProps extends StageProps {
  readonly title: string;
  readonly nodeIds: readonly NodeId[];
}

function Half({ title, nodeIds, stage }: HalfProps) {
  const { nodeIds: lit } = stage.lit.value;
  return (
    <div>
      <h3>{title}</h3>
      {nodeIds.length === 0 ? (
        <p class="empty">{ringWords().nobody}</p>
      ) : (
        <ol>
          {nodeIds.map((nodeId) => (
            <li key={nodeId} class={lit.has(nodeId) ? 'lit' : undefined} {...pointing(stage, nodeId)}>
              <code title={nodeId}>{shortId(nodeId)}</code>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Whoever points at it looks at it. */
function pointing(stage: RingStage, nodeId: NodeId) {
  return {
    onPointerEnter: () => {
      stage.hovered.value = { kind: 'node', id: nodeId, fraction: ringFraction(nodeId) };
    },
    onPointerLeave: () => {
      stage.hovered.value = undefined;
    },
  };
}

export function RoutingTableView({ stage }: StageProps) {
  const words = ringWords();
  const { routingTable } = stage.facts.value;
  return (
    <Card id="routing-table" title={words.table} note={words.tableNote}>
      {routingTable.length === 0 ? <p class="empty">{words.tableEmpty}</p> : <Grid stage={stage} />}
    </Card>
  );
}

function Grid({ stage }: StageProps) {
  const { nodeId, routingTable } = stage.facts.value;
  const lit = stage.lit.value;
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
                  isLit={lit.cells.has(cellName(row, column))}
                  stage={stage}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps extends StageProps {
  readonly row: number;
  readonly entry: NodeId | undefined;
  readonly isOwnDigit: boolean;
  readonly isLit: boolean;
}

function Cell({ row, entry, isOwnDigit, isLit, stage }: CellProps) {
  if (isOwnDigit) {
    return (
      <td class="own-digit" title={ringWords().ownDigit}>
        ↓
      </td>
    );
  }
  if (entry === undefined) return <td class={`empty-cell ${isLit ? 'lit' : ''}`}>·</td>;
  return (
    <td
      title={entry}
      class={isLit || stage.lit.value.nodeIds.has(entry) ? 'lit' : undefined}
      {...pointing(stage, entry)}
    >
      <span class="shared">{entry.slice(0, row)}</span>
      {entry.slice(row, Math.max(CELL_DIGITS, row + 1))}
    </td>
  );
}
