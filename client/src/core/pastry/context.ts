// What the parts of a Pastry node share: who it is, its tables and peers, and its timers.

import type { Instant, NodeStatus, Output, TraceEvent } from '../io.ts';
import type { Random } from '../random.ts';
import type { TimerName } from '../timer-names.ts';
import type { Timers } from '../timers.ts';
import type { NodeId } from './id.ts';
import type { ExpectedEntries } from './membership/expected.ts';
import type { HearsayBudget } from './membership/hearsay.ts';
import type { NodeHandle } from './node-handle.ts';
import type { RingParams } from './params.ts';
import type { Unlinkable } from './reachability/unlinkable.ts';
import type { LeafSet } from './tables/leaf-set.ts';
import type { NeighborhoodSet } from './tables/neighborhood-set.ts';
import type { Peers } from './tables/peers.ts';
import type { RoutingTable } from './tables/routing-table.ts';
import type { Tables } from './tables/tables.ts';
import type { Timing } from './timing.ts';

export interface Context {
  /** This node, with its present coordinate. */
  self: NodeHandle;
  readonly params: RingParams;
  readonly timing: Timing;
  readonly random: Random;
  /** A new id for a message: 128 random bits as 32 lower-case hex characters. Who can guess one can answer for others. */
  readonly newId: () => string;
  /** The time of the input being handled. */
  now: Instant;
  status: NodeStatus;
  readonly leafSet: LeafSet;
  readonly routingTable: RoutingTable;
  readonly neighborhoodSet: NeighborhoodSet;
  readonly tables: Tables;
  readonly peers: Peers;
  readonly unlinkable: Unlinkable;
  readonly hearsay: HearsayBudget;
  readonly expectedEntries: ExpectedEntries;
  readonly timers: Timers<TimerName>;
  /** Things that should not happen and did: counted, never silent. */
  readonly counters: Map<string, number>;
  emit(output: Output): void;
}

export function trace(context: Context, event: TraceEvent): void {
  context.emit({ type: 'trace', event });
}

export function count(context: Pick<Context, 'counters'>, name: string): void {
  context.counters.set(name, (context.counters.get(name) ?? 0) + 1);
}

/** A node did what no correct node does. */
export function misdeed(context: Context, nodeId: NodeId, what: string): void {
  context.emit({ type: 'misdeed', nodeId, what });
}

/** A node that has described itself to this one, or to which there is a link: no stranger that others only speak of. */
export function isAcquainted({ peers }: Pick<Context, 'peers'>, nodeId: NodeId): boolean {
  const peer = peers.get(nodeId);
  return peer !== undefined && (peer.handle !== undefined || peer.link === 'open');
}
