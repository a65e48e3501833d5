// What this tab itself knows of the ring at a moment, as little of it as its picture needs. Pure.

import type { Id, NodeId } from '../../../core/pastry/id.ts';
import type { FileListing, PeerInspection } from '../../../peer/api.ts';

export interface RingFacts {
  readonly nodeId: NodeId;
  readonly status: PeerInspection['status'];
  /** Hex digits of an id. */
  readonly digits: number;
  /** Each half closest first. */
  readonly leafSet: PeerInspection['leafSet'];
  readonly routingTable: PeerInspection['routingTable'];
  readonly neighborhoodSet: readonly NodeId[];
  readonly devices: PeerInspection['devices'];
  readonly links: readonly KnownLink[];
  /** The blocks that it holds, by key; at most MAX_HELD of them. */
  readonly held: readonly HeldBlock[];
  readonly heldCount: number;
}

/** How a link runs, without what changes all the time. */
export interface KnownLink {
  readonly nodeId: NodeId;
  readonly way: 'direct' | 'turn' | 'server' | 'open' | 'relayed' | 'connecting';
}

export interface HeldBlock {
  readonly key: Id;
  readonly digest: string;
}

/** More marks than this nobody tells apart; a tab may hold thousands of blocks. */
const MAX_HELD = 200;

/** What has not changed since `before` is the same object, so that a thousand moments take little memory. */
export function ringFacts(
  inspection: PeerInspection,
  { held }: Pick<FileListing, 'held'>,
  before?: RingFacts,
): RingFacts {
  const { nodeId, status, params, leafSet, routingTable, neighborhoodSet, devices, links } = inspection;
  const facts: RingFacts = {
    ...{ nodeId, status, digits: params.digits, leafSet, routingTable, neighborhoodSet, devices },
    links: links.map((link) => ({ nodeId: link.nodeId, way: wayOf(link) })),
    held: held.slice(0, MAX_HELD).map(({ key, digest }) => ({ key, digest })),
    heldCount: held.length,
  };
  return before === undefined ? facts : shared(facts, before);
}

function wayOf({ state, path }: PeerInspection['links'][number]): KnownLink['way'] {
  if (state !== 'open') return state;
  return path === undefined || path === 'ring' ? 'open' : path;
}

function shared(facts: RingFacts, before: RingFacts): RingFacts {
  const merged = {
    ...facts,
    leafSet: same(facts.leafSet, before.leafSet),
    routingTable: same(facts.routingTable, before.routingTable),
    neighborhoodSet: same(facts.neighborhoodSet, before.neighborhoodSet),
    devices: same(facts.devices, before.devices),
    links: same(facts.links, before.links),
    held: same(facts.held, before.held),
  };
  const keys = Object.keys(merged) as (keyof RingFacts)[];
  return keys.every((key) => merged[key] === before[key]) ? before : merged;
}

function same<Part>(part: Part, before: Part): Part {
  return JSON.stringify(part) === JSON.stringify(before) ? before : part;
}
