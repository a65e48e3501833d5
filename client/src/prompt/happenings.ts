// What a peer prints as it happens: how it joined, its tables and their changes, each lookup and join that passes, each
// block that is stored here or sent to another node.

import type { TraceEvent } from '../core/io.ts';
import type { PeerApi, PeerEvent, PeerInspection } from '../peer/api.ts';
import type { Print } from './command.ts';
import { discoveryLine } from './discovery-text.ts';
import { diskText } from './disk-text.ts';
import { formatBytes } from './format-bytes.ts';
import { routeLines } from './route-text.ts';
import { changedLines, leafSetLines, routingTableLines } from './tables-text.ts';

/** none: nothing; changes: what is new; all: whole tables at each change, links and link set-up too. */
export type Loudness = 'none' | 'changes' | 'all';
export const LOUDNESSES: readonly Loudness[] = ['none', 'changes', 'all'];

type Routed = Extract<TraceEvent, { kind: 'routed' }>;
type Block = Extract<TraceEvent, { kind: 'held' | 'dropped' | 'lost' | 'handed-over' | 'deleted' | 'ended' }>;

/** The part of a peer that is watched. */
type Watched = Pick<PeerApi, 'inspect' | 'subscribe'>;

export class Happenings {
  loudness: Loudness;
  readonly #peer: Watched;
  readonly #print: Print;
  readonly #columns: () => number | undefined;
  /** The tables as they were printed last; undefined until the peer has been active. */
  #printed: PeerInspection | undefined;

  /** Prints from now on what `peer` does. `columns`: how wide the terminal is, if it is one. */
  constructor(peer: Watched, print: Print, loudness: Loudness, columns: () => number | undefined = () => undefined) {
    this.#peer = peer;
    this.#print = print;
    this.#columns = columns;
    this.loudness = loudness;
    peer.subscribe((event) => this.#take(event));
  }

  #take(event: PeerEvent): void {
    if (this.loudness !== 'none') for (const line of this.#lines(event)) this.#print(line);
    // Table changes in silence are no news when somebody listens again.
    else if (this.#printed !== undefined && this.#changesTables(event)) this.#printed = this.#peer.inspect();
  }

  #lines(event: PeerEvent): readonly string[] {
    switch (event.type) {
      case 'status':
        return [event.status, ...(event.status === 'active' ? this.#tablesAtFirst() : [])];
      case 'trace':
        return this.#changesTables(event) ? this.#tableLines() : traceLines(event.event, this.loudness);
      case 'sent':
        return [`sent: block ${event.digest}, ${formatBytes(event.size)}, to ${event.nodeId}`];
      case 'link':
        return this.loudness === 'all' ? [`link to ${event.nodeId} ${event.state}: ${event.message}`] : [];
      case 'misdeed':
        return [`misdeed: node ${event.nodeId}: ${event.what}${event.count === 1 ? '' : `, ${event.count} times`}`];
      case 'discovery':
        return [discoveryLine(event)].filter((line) => line !== undefined);
      case 'disk':
        return [`disk: ${diskText(event)}`];
      case 'files':
        return [];
    }
  }

  #changesTables(event: PeerEvent): boolean {
    return event.type === 'trace' && /^(leaf|entry)-/.test(event.event.kind);
  }

  #tablesAtFirst(): readonly string[] {
    if (this.#printed !== undefined) return [];
    this.#printed = this.#peer.inspect();
    return this.#wholeTables(this.#printed);
  }

  /** Events come in bursts after all that they tell of: the first prints it all, the others find nothing new. */
  #tableLines(): readonly string[] {
    const before = this.#printed;
    if (before === undefined) return []; // while it joins; the tables come when it is active
    const now = this.#peer.inspect();
    const changes = changedLines(before, now);
    this.#printed = now;
    if (changes.length === 0 || this.loudness !== 'all') return changes;
    return [...changes, ...this.#wholeTables(now)];
  }

  #wholeTables(tables: PeerInspection): readonly string[] {
    return [...leafSetLines(tables), ...routingTableLines(tables, this.#columns())];
  }
}

function traceLines(event: TraceEvent, loudness: Loudness): readonly string[] {
  switch (event.kind) {
    case 'joined':
      return routeLines(event.route, 'route of the join');
    case 'routed':
      // Setting up links is no query of anybody's.
      return event.what === 'signal' && loudness !== 'all' ? [] : [routedLine(event)];
    case 'held':
    case 'dropped':
    case 'lost':
    case 'handed-over':
    case 'deleted':
    case 'ended':
      return [blockLine(event)];
    case 'suspected':
      return loudness === 'all' ? [`node ${event.nodeId} does not answer: suspected`] : [];
    case 'failed':
      return [`node ${event.nodeId} failed`];
    case 'departed':
      return [`node ${event.nodeId} left`];
    case 'leaf-added':
    case 'leaf-removed':
    case 'entry-added':
    case 'entry-removed':
      return []; // told by the tables
  }
}

/** What people call a kind of routed message; the core's own name for one that is not here. */
const QUERY_NAMES: Readonly<Record<string, string>> = { locate: 'search' };

function routedLine({ what, key, origin, hop, nextHop }: Routed): string {
  const next = nextHop ?? 'none, this node is the root';
  return `${QUERY_NAMES[what] ?? what}: key ${key}, from ${origin}, hop ${hop}, next hop ${next}`;
}

function blockLine({ kind, digest, key, peer }: Block): string {
  const block = `block ${digest}, key ${key}`;
  switch (kind) {
    case 'held':
      return `stored here: ${block}${peer === undefined ? '' : `, from ${peer}`}`;
    case 'dropped':
      return `no longer here: ${block}, others hold it`;
    case 'lost':
      return `lost here: ${block}, missing or damaged`;
    case 'handed-over':
      return `handed over: ${block}${peer === undefined ? '' : `, to ${peer}`}`;
    case 'deleted':
      return `deleted here: ${block}, by the word of its owner`;
    case 'ended':
      return `no longer kept here: ${block}, its lease is over`;
  }
}
