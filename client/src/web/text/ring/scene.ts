// What the picture of the ring shows of a moment: nodes, objects, what happens. Only what this tab knows itself; of whom it has only
// heard is marked so. Pure.

import type { Id, NodeId } from '../../../core/pastry/id.ts';
import type { LookupResult } from '../../../peer/api.ts';
import { ringFraction } from '../ring-geometry.ts';
import type { KnownLink, RingFacts } from './facts.ts';
import { type Flight, flightsOf } from './flights.ts';
import { goneOf } from './gone.ts';
import { type Happening, type Moment, nodesOf, routedOf } from './moment.ts';
import { type Holding, type ObjectMark, objectMarks } from './objects.ts';

/** self; leaf: in the leaf set; known: in another table or linked; heard: named by others only; gone: has just left, or died. */
export type NodeRole = 'self' | 'leaf' | 'known' | 'heard' | 'gone';
/** As this tab has just found. */
export type NodeChange = 'new' | 'suspected' | 'gone';

export interface SceneNode {
  readonly nodeId: NodeId;
  readonly role: NodeRole;
  /** How far round the ring, 0 to 1 (ring-geometry). */
  readonly fraction: number;
  /** This tab's link to it. */
  readonly link: KnownLink['way'] | 'none';
  /** 0: on the device of this tab; the others count up; undefined if it is not known. */
  readonly device: number | undefined;
  readonly change: NodeChange | undefined;
  /** Leading digits that it shares with the key of the lookup that is shown; undefined if it is not on its route. */
  readonly matching: number | undefined;
}

export interface Scene {
  /** This tab first, then those that matter more before those that matter less. */
  readonly nodes: readonly SceneNode[];
  readonly objects: readonly ObjectMark[];
  readonly flights: readonly Flight[];
  /** The lookup of this tab that is shown, and how far it has come: so many hops, one more when its root is told. */
  readonly lookup: { readonly result: LookupResult; readonly hop: number } | undefined;
  /** The range of the leaf set, clockwise; start and end are equal if it reaches all round. Undefined without leaves. */
  readonly leafArc: { readonly start: number; readonly end: number } | undefined;
}

/** What came so shortly before belongs to the same moment for who looks at it, milliseconds. */
const TOGETHER_MS = 1_500;
/** A lookup that has come back stays in the picture for so long while other things happen, milliseconds. */
const LOOKUP_STAYS_MS = 60_000;
/** More at once is a tangle. */
const MAX_TOGETHER = 12;

/** Of the moments up to the one that is shown, those that are drawn with it, oldest first. */
export function together(moments: readonly Moment[]): readonly Moment[] {
  const last = moments.at(-1);
  if (last === undefined) return [];
  // A step of a lookup stands for itself: what is shown is its way so far.
  if (last.happening.kind === 'hop') return [last];
  return moments
    .slice(-MAX_TOGETHER)
    .filter(({ at, happening }) => last.at - at <= TOGETHER_MS && happening.kind !== 'hop');
}

/**
 * `moments`: those up to the one that is shown; at least one. `holdings`: where blocks are, as far as it was told. `isQuiet`: nothing has
 * happened since the last of them, for so long that who left with it need not be shown any more.
 */
export function sceneOf(moments: readonly Moment[], holdings: readonly Holding[], isQuiet = false): Scene {
  const shown = moments.at(-1);
  if (shown === undefined) throw new Error('there is no scene without a moment');
  const { facts } = shown;
  const recent = together(moments);
  const lookup = lookupAt(moments);
  const changes = changesOf(recent);
  const linkById = new Map(facts.links.map(({ nodeId, way }) => [nodeId, way]));
  const devices = deviceNumbers(facts);
  const roles = rolesOf({ facts, recent, holdings, changes: isQuiet ? new Map() : changes, gone: goneOf(moments) });
  return {
    nodes: [...roles].map(([nodeId, role]) => ({
      ...{ nodeId, role, fraction: ringFraction(nodeId), link: linkById.get(nodeId) ?? 'none' },
      ...{ device: devices.get(nodeId), change: changes.get(nodeId) },
      matching: lookup?.result.route.slice(0, lookup.hop + 2).includes(nodeId)
        ? sharedDigits(nodeId, lookup.result.key)
        : undefined,
    })),
    objects: objectMarks(facts, holdings),
    flights: recent.flatMap(flightsOf),
    lookup,
    leafArc: leafArc(facts),
  };
}

/** The one that is walked, or the last, for a while. */
function lookupAt(moments: readonly Moment[]): Scene['lookup'] {
  const shown = moments.at(-1);
  const last = moments.findLast(({ happening }) => happening.kind === 'hop');
  if (shown === undefined || last?.happening.kind !== 'hop' || shown.at - last.at > LOOKUP_STAYS_MS) return undefined;
  return { result: last.happening.lookup, hop: last.happening.hop };
}

/** How many leading digits two ids have in common. */
export function sharedDigits(a: Id, b: Id): number {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  return shared;
}

interface Known {
  readonly facts: RingFacts;
  readonly recent: readonly Moment[];
  readonly holdings: readonly Holding[];
  readonly changes: ReadonlyMap<NodeId, NodeChange>;
  readonly gone: ReadonlySet<NodeId>;
}

/** Of those that are gone only who has just gone, and whom a message tells of that was still on its way. */
function rolesOf({ facts, recent, holdings, changes, gone }: Known): ReadonlyMap<NodeId, NodeRole> {
  const roles = new Map<NodeId, NodeRole>([[facts.nodeId, 'self']]);
  const add = (nodeIds: readonly NodeId[], role: NodeRole): void => {
    for (const nodeId of nodeIds) if (!roles.has(nodeId)) roles.set(nodeId, role);
  };
  const { cw, ccw } = facts.leafSet;
  add(interleaved(cw, ccw), 'leaf');
  add(
    facts.routingTable.map(({ nodeId }) => nodeId),
    'known',
  );
  add(facts.neighborhoodSet, 'known');
  // A link may outlive its other end for a while.
  add(
    facts.links.map(({ nodeId }) => nodeId).filter((nodeId) => !gone.has(nodeId)),
    'known',
  );
  const named = recent.flatMap(({ happening }) =>
    nodesOf(happening, facts.nodeId).filter((nodeId) => !gone.has(nodeId) || isOnItsWay(happening)),
  );
  add(
    [...gone].filter((nodeId) => changes.get(nodeId) === 'gone'),
    'gone',
  );
  add(named, 'heard');
  const held = new Set(facts.held.map(({ digest }) => digest));
  add(
    holdings.filter(({ digest }) => held.has(digest)).map(({ nodeId }) => nodeId),
    'heard',
  );
  return roles;
}

/** Others may send by a node of which this tab holds that it is dead. */
function isOnItsWay(happening: Happening): boolean {
  return happening.kind === 'hop' || routedOf(happening) !== undefined;
}

function changesOf(recent: readonly Moment[]): ReadonlyMap<NodeId, NodeChange> {
  const changes = new Map<NodeId, NodeChange>();
  for (const { happening } of recent) {
    if (happening.kind !== 'event' || happening.event.type !== 'trace') continue;
    const { event } = happening.event;
    switch (event.kind) {
      case 'leaf-added':
      case 'entry-added':
        changes.set(event.nodeId, 'new');
        break;
      case 'suspected':
        changes.set(event.nodeId, 'suspected');
        break;
      case 'failed':
      case 'departed':
        changes.set(event.nodeId, 'gone');
        break;
    }
  }
  return changes;
}

function deviceNumbers({ devices, nodeId }: RingFacts): ReadonlyMap<NodeId, number> {
  const own = devices[nodeId];
  const others = [...new Set(Object.values(devices))].filter((device) => device !== own).sort();
  const numbers = new Map([own, ...others].map((device, index) => [device, index]));
  const entries = Object.entries(devices) as [NodeId, string][];
  return new Map(entries.map(([id, device]) => [id, numbers.get(device) ?? 0]));
}

function leafArc({ leafSet: { cw, ccw } }: RingFacts): Scene['leafArc'] {
  const end = cw.at(-1);
  const start = ccw.at(-1);
  if (start === undefined || end === undefined) return undefined;
  // In a small ring the halves overlap: the leaf set then reaches all round.
  const isWhole = cw.some((nodeId) => ccw.includes(nodeId));
  return { start: ringFraction(start), end: isWhole ? ringFraction(start) : ringFraction(end) };
}

function interleaved(a: readonly NodeId[], b: readonly NodeId[]): readonly NodeId[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => [a[index], b[index]])
    .flat()
    .filter((nodeId) => nodeId !== undefined);
}
