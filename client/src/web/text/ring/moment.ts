// A moment of the ring as this tab saw it: what happened, and what it knew right after. Pure.

import type { NodeId } from '../../../core/pastry/id.ts';
import type { LookupResult, PeerEvent } from '../../../peer/api.ts';
import type { RingFacts } from './facts.ts';

export interface Moment {
  /** Counts up, without gaps. */
  readonly number: number;
  /** Milliseconds on a clock that only moves forward. */
  readonly at: number;
  readonly happening: Happening;
  readonly facts: RingFacts;
}

/**
 * event: told by this tab's own node. hop: a step of a lookup of this tab's, told once it has come back. changed: only what it
 * knows is another: these parts of it.
 */
export type Happening =
  | { readonly kind: 'event'; readonly event: PeerEvent }
  | Hop
  | { readonly kind: 'changed'; readonly parts: readonly ChangedPart[] };

export type ChangedPart = Exclude<keyof RingFacts, 'nodeId' | 'digits' | 'heldCount'>;

export interface Hop {
  readonly kind: 'hop';
  readonly lookup: LookupResult;
  /** From the node with this number on the route, 0 for this tab; of the last one: it is the root. */
  readonly hop: number;
  /** By which rule of routing; known of this tab's own choice only. */
  readonly rule: RoutingRule | undefined;
}

type Trace = Extract<PeerEvent, { type: 'trace' }>['event'];
export type Routed = Extract<Trace, { kind: 'routed' }>;
export type RoutingRule = Routed['rule'];

const PARTS: readonly ChangedPart[] = [
  'status',
  'leafSet',
  'routingTable',
  'neighborhoodSet',
  'links',
  'held',
  'devices',
];

/** In what two facts differ; all of it if there is nothing before. */
export function changedParts(facts: RingFacts, before: RingFacts | undefined): readonly ChangedPart[] {
  return PARTS.filter((part) => facts[part] !== before?.[part]);
}

/** What the picture has a place for. */
export function isShown(event: PeerEvent): boolean {
  return event.type === 'trace' || event.type === 'link' || event.type === 'status' || event.type === 'sent';
}

export function routedOf(happening: Happening): Routed | undefined {
  if (happening.kind !== 'event' || happening.event.type !== 'trace') return undefined;
  return happening.event.event.kind === 'routed' ? happening.event.event : undefined;
}

/** The steps of a lookup that has come back. `rule`: by which this tab chose the first. */
export function hopsOf(lookup: LookupResult, rule: RoutingRule | undefined): readonly Hop[] {
  return lookup.route.map((_, hop) => ({ kind: 'hop', lookup, hop, rule: hop === 0 ? rule : undefined }));
}

/** The nodes that a happening is about, this tab among them if it took part. */
export function nodesOf(happening: Happening, self: NodeId): readonly NodeId[] {
  switch (happening.kind) {
    case 'changed':
      return [];
    case 'hop':
      return happening.lookup.route.slice(0, happening.hop + 2);
    case 'event':
      return nodesOfEvent(happening.event, self);
  }
}

function nodesOfEvent(event: PeerEvent, self: NodeId): readonly NodeId[] {
  switch (event.type) {
    case 'trace':
      return nodesOfTrace(event.event, self);
    case 'link':
    case 'sent':
      return [self, event.nodeId];
    default:
      return [];
  }
}

function nodesOfTrace(event: Trace, self: NodeId): readonly NodeId[] {
  switch (event.kind) {
    case 'joined':
      return [self, ...event.route];
    case 'routed':
      return [event.origin, self, ...(event.nextHop === undefined ? [] : [event.nextHop])];
    case 'held':
    case 'dropped':
    case 'lost':
    case 'handed-over':
    case 'deleted':
    case 'ended':
      return [self, ...(event.peer === undefined ? [] : [event.peer])];
    default:
      return [event.nodeId];
  }
}
