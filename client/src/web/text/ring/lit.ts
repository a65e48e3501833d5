// Which rows and cells of the tables beside the picture are lit at a moment: those that were used, or changed, or are looked at. Pure.

import type { NodeId } from '../../../core/pastry/id.ts';
import { type Moment, type Routed, routedOf } from './moment.ts';
import { sharedDigits, together } from './scene.ts';

export interface Lit {
  readonly nodeIds: ReadonlySet<string>;
  /** As `cellName` names them. */
  readonly cells: ReadonlySet<string>;
}

export function cellName(row: number, column: string): string {
  return `${row} ${column}`;
}

/** `moments`: up to the one that is shown. `looked`: the node that is looked at. */
export function litOf(moments: readonly Moment[], looked: string | undefined): Lit {
  const nodeIds = new Set<string>(looked === undefined ? [] : [looked]);
  const cells = new Set<string>();
  for (const { happening, facts } of together(moments)) {
    const self = facts.nodeId;
    const routed = routedOf(happening);
    if (routed !== undefined) useOf(routed, self, nodeIds, cells);
    else if (happening.kind === 'hop') {
      const { lookup, hop, rule } = happening;
      const next = lookup.route[1];
      if (hop === 0 && rule !== undefined && next !== undefined)
        useOf({ key: lookup.key, nextHop: next, rule }, self, nodeIds, cells);
    } else if (happening.kind === 'event' && happening.event.type === 'trace') {
      const { event } = happening.event;
      if (event.kind === 'leaf-added') nodeIds.add(event.nodeId);
      if (event.kind === 'entry-added' || event.kind === 'entry-removed') cells.add(cellName(event.row, event.column));
    }
  }
  return { nodeIds, cells };
}

function useOf(
  { key, nextHop, rule }: Pick<Routed, 'key' | 'nextHop' | 'rule'>,
  self: NodeId,
  nodeIds: Set<string>,
  cells: Set<string>,
): void {
  const row = sharedDigits(self, key);
  // The empty cell is what the rare case is about.
  if (rule === 'routing-table' || rule === 'rare-case') cells.add(cellName(row, key[row] ?? ''));
  if (rule !== 'routing-table' && nextHop !== undefined) nodeIds.add(nextHop);
}
