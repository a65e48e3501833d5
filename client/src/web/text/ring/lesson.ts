// The lesson of docs/classroom.md as steps, each with what shows that it has been done. Pure.

import type { RingFacts } from './facts.ts';
import type { Item } from './looked.ts';
import { type Moment, routedOf } from './moment.ts';

/** What the steps look at. */
export interface LessonState {
  /** What this tab knows now. */
  readonly facts: RingFacts;
  /** What has happened since the step began, oldest first. */
  readonly since: readonly Moment[];
  /** The moment that is shown, and whether it was gone back to since the step began. */
  readonly shown: Moment | undefined;
  readonly isPaused: boolean;
  /** The mark that was chosen in the picture since the step began. */
  readonly chosen: Item | undefined;
  /** Files stored from here. */
  readonly ownFiles: number;
}

export const LESSON_STEPS = [
  'joined',
  'others',
  'leaf',
  'cell',
  'lookup',
  'rule',
  'file',
  'find',
  'leaves',
  'repair',
] as const;
export type LessonStep = (typeof LESSON_STEPS)[number];

/** Other tabs that this one is to know: of the ten of the lesson it knows all, of ten with chance ids most. */
export const OTHERS = 5;

const IS_DONE: Readonly<Record<LessonStep, (state: LessonState) => boolean>> = {
  joined: ({ facts }) => facts.status === 'active',
  others: ({ facts }) => knownOthers(facts) >= OTHERS,
  leaf: ({ facts, chosen }) => [...facts.leafSet.cw, ...facts.leafSet.ccw].some((nodeId) => nodeId === chosen?.id),
  cell: ({ facts, chosen }) => {
    const rows = facts.routingTable.filter(({ nodeId }) => nodeId === chosen?.id).map(({ row }) => row);
    const deepest = Math.max(...facts.routingTable.map(({ row }) => row));
    // Who has nobody with a digit in common takes row 0.
    return rows.some((row) => row >= Math.min(1, deepest));
  },
  lookup: ({ since }) => since.some(({ happening }) => happening.kind === 'hop' && happening.lookup.hops > 0),
  rule: ({ shown, isPaused }) =>
    isPaused && shown?.happening.kind === 'hop' && shown.happening.hop === 0 && shown.happening.rule !== undefined,
  file: ({ ownFiles }) => ownFiles > 0,
  find: ({ since, facts }) => since.some((moment) => isOwnLookup(moment, facts)),
  leaves: ({ since }) => since.some(isDeparture),
  repair: ({ shown, isPaused }) => isPaused && shown !== undefined && isDeparture(shown),
};

export function isDone(step: LessonStep, state: LessonState): boolean {
  return IS_DONE[step](state);
}

/** How many other nodes this tab knows itself. */
export function knownOthers({ leafSet: { cw, ccw }, routingTable }: RingFacts): number {
  return new Set([...cw, ...ccw, ...routingTable.map(({ nodeId }) => nodeId)]).size;
}

/** Not of its own id, which it looks up to see whether the ring is whole. */
function isOwnLookup({ happening }: Moment, { nodeId }: RingFacts): boolean {
  const routed = routedOf(happening);
  return routed?.what === 'lookup' && routed.origin === nodeId && routed.key !== nodeId && routed.hop === 0;
}

function isDeparture({ happening }: Moment): boolean {
  if (happening.kind !== 'event' || happening.event.type !== 'trace') return false;
  const { kind } = happening.event.event;
  return kind === 'failed' || kind === 'departed';
}
