// What moves in the picture at a moment: a question, a block, from one place to another. Pure.

import type { NodeId } from '../../../core/pastry/id.ts';
import { type Moment, routedOf } from './moment.ts';

export interface Flight {
  /** Names it, so that it starts once. */
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  /** question: a routed message. before: the same, on its way here by nodes that are not known. block: its bytes, or word that it is there. */
  readonly what: 'question' | 'before' | 'block';
}

/** Of a hop of a lookup nothing: its route is drawn. */
export function flightsOf({ number, happening, facts }: Moment): readonly Flight[] {
  const self = facts.nodeId;
  const flight = (from: NodeId, to: NodeId, what: Flight['what']): readonly Flight[] =>
    from === to ? [] : [{ id: `${number} ${what}`, from, to, what }];
  const routed = routedOf(happening);
  if (routed !== undefined) {
    const { origin, hop, nextHop } = routed;
    // Who asks is known, and of the way here only how many hops it had.
    const before = flight(origin, self, hop === 1 ? 'question' : 'before');
    return [...before, ...(nextHop === undefined ? [] : flight(self, nextHop, 'question'))];
  }
  if (happening.kind !== 'event') return [];
  const { event } = happening;
  if (event.type === 'sent') return flight(self, event.nodeId, 'block');
  if (event.type !== 'trace' || !('digest' in event.event) || event.event.peer === undefined) return [];
  const { kind, peer } = event.event;
  if (kind === 'held') return flight(peer, self, 'block');
  return kind === 'handed-over' ? flight(self, peer, 'block') : [];
}
