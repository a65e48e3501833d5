// What the parts of a Pastry node share: who it is, its tables and peers, its timers, and the way out.

import type { Instant, NodeStatus, Output, TraceEvent } from '../io.ts';
import type { Message } from '../messages.ts';
import type { Random } from '../random.ts';
import type { Timers } from '../timers.ts';
import type { NodeId } from './id.ts';
import type { LeafSet } from './leaf-set.ts';
import type { NeighborhoodSet } from './neighborhood-set.ts';
import type { NodeHandle } from './node-handle.ts';
import type { RingParams } from './params.ts';
import type { Peers } from './peers.ts';
import type { RoutingTable } from './routing-table.ts';
import type { Tables } from './tables.ts';
import type { Timing } from './timing.ts';
import type { Unlinkable } from './unlinkable.ts';

export interface Context {
  /** This node, with its present coordinate. */
  self: NodeHandle;
  readonly params: RingParams;
  readonly timing: Timing;
  readonly random: Random;
  /** The time of the input being handled. */
  now: Instant;
  status: NodeStatus;
  readonly leafSet: LeafSet;
  readonly routingTable: RoutingTable;
  readonly neighborhoodSet: NeighborhoodSet;
  readonly tables: Tables;
  readonly peers: Peers;
  readonly unlinkable: Unlinkable;
  readonly timers: Timers;
  /** Things that should not happen and did: counted, never silent. */
  readonly counters: Map<string, number>;
  emit(output: Output): void;
}

/** Sends a message: over the link, else through a relay if there is one, else over a link that is asked for first. */
export function send(context: Context, to: NodeId, message: Message): void {
  const peer = context.peers.of(to);
  const { link, relay } = peer;
  // Whoever asked to carry has brought no answer; and it is time to try a link again.
  if (relay === undefined && !context.unlinkable.has(to, context.now)) peer.relayCandidates = [];
  if (link !== 'open' && message.type !== 'relay') {
    const carriers = relay === undefined ? peer.relayCandidates : [relay];
    for (const carrier of carriers) {
      context.emit({ type: 'send', to: carrier, message: { type: 'relay', direction: 'to', peer: to, message } });
    }
    if (carriers.length > 0) return;
  }
  openLink(context, to);
  if (context.peers.of(to).link === 'none') count(context, 'unsent-unreachable');
  else context.emit({ type: 'send', to, message });
}

/** Asks for a link to `to` unless there is one, open or opening, or one has failed a short while ago. */
export function openLink(context: Context, to: NodeId): void {
  const peer = context.peers.of(to);
  if (peer.link !== 'none' || context.unlinkable.has(to, context.now)) return;
  peer.link = 'opening';
  context.emit({ type: 'connect', peer: to });
}

export function trace(context: Context, event: TraceEvent): void {
  context.emit({ type: 'trace', event });
}

export function count(context: Context, name: string): void {
  context.counters.set(name, (context.counters.get(name) ?? 0) + 1);
}
