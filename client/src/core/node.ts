// One node of the ring: Pastry and PAST joined into the machine that a driver, or the simulator, runs.

import type { Input, Inspection, Instant, Machine, Output } from './io.ts';
import { isPastMessage, type Message } from './messages.ts';
import type { Holding } from './past/holdings.ts';
import { PastNode } from './past/node.ts';
import type { Ring } from './past/ring.ts';
import type { RoomPolicy } from './past/room.ts';
import { type Context, count } from './pastry/context.ts';
import type { NodeId } from './pastry/id.ts';
import { ExpectedEntries } from './pastry/membership/expected.ts';
import { HearsayBudget } from './pastry/membership/hearsay.ts';
import { PastryNode } from './pastry/node.ts';
import type { NodeHandle } from './pastry/node-handle.ts';
import type { RingParams } from './pastry/params.ts';
import { Unlinkable } from './pastry/reachability/unlinkable.ts';
import { LeafSet } from './pastry/tables/leaf-set.ts';
import { NeighborhoodSet } from './pastry/tables/neighborhood-set.ts';
import { Peers } from './pastry/tables/peers.ts';
import { RoutingTable } from './pastry/tables/routing-table.ts';
import { DEFAULT_TIMING, type Timing } from './pastry/timing.ts';
import { Random } from './random.ts';
import type { TimerName } from './timer-names.ts';
import { Timers } from './timers.ts';

export interface NodeConfig {
  readonly self: NodeHandle;
  readonly params: RingParams;
  /** Any 32-bit integer; different for each incarnation of each node. */
  readonly seed: number;
  /** A new id that nobody can guess: 128 random bits as 32 lower-case hex characters. */
  readonly newId: () => string;
  readonly timing?: Timing;
  /** Milliseconds since 1970, by the ring's clock as this node knows it. */
  readonly ringTime: () => number;
  /** How full the disk may get with what; only experiments choose another than the usual one. */
  readonly roomPolicy?: RoomPolicy;
}

export class TabringNode implements Machine {
  readonly #context: Context;
  readonly #pastry: PastryNode;
  readonly #past: PastNode;
  #outputs: Output[] = [];

  constructor(config: NodeConfig) {
    this.#context = createContext(config, (output) => this.#outputs.push(output));
    this.#past = new PastNode(this.#ring(config));
    this.#pastry = new PastryNode(this.#context, this.#past);
  }

  get wakeAt(): Instant | undefined {
    return this.#context.timers.earliest;
  }

  handle(input: Input, now: Instant): readonly Output[] {
    const { timers, timing, status } = this.#context;
    if (status === 'left') return [];
    const wasDue = timers.earliest;
    this.#context.now = now;
    if (wasDue !== undefined && now > wasDue + timing.freezeMs) this.#pastry.thaw();
    this.#dispatch(input);
    timers.fireDue(now);
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  inspect(): Inspection {
    return { ...this.#pastry.inspect(), held: this.#past.held, pointers: this.#past.pointers };
  }

  /** The held blocks, each with the other nodes that have shown that they hold it too. */
  holdings(): readonly Holding[] {
    return this.#past.holdings();
  }

  /** The device of a node that has described itself; undefined of others. */
  deviceOf(nodeId: NodeId): string | undefined {
    return this.#context.peers.get(nodeId)?.handle?.device;
  }

  /** Nodes of which this one keeps a record. */
  get peerCount(): number {
    return this.#context.peers.size;
  }

  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId> {
    return this.#pastry.relayed();
  }

  /** Linked nodes that may bring here what `nodeId`, to which there is no link, has; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[] {
    return this.#pastry.carriersOf(nodeId);
  }

  /** A leaf, or a node whose messages this one carries. */
  isNeighbour(nodeId: NodeId): boolean {
    return this.#pastry.isNeighbour(nodeId);
  }

  /** Things that should not happen and did, by name. */
  get counters(): ReadonlyMap<string, number> {
    return this.#context.counters;
  }

  #dispatch(input: Input): void {
    switch (input.type) {
      case 'start':
        this.#past.handle(input);
        return this.#pastry.start(input.sponsor);
      case 'message':
        return this.#receive(input.from, input.message);
      case 'leave':
        if (!input.urgent) return this.#past.leaving(() => this.#pastry.leave());
        this.#past.close();
        return this.#pastry.leave();
      case 'store':
      case 'lease':
      case 'leases-kept':
      case 'fetch':
      case 'list':
      case 'watch':
      case 'unwatch':
      case 'block-arrived':
      case 'given':
      case 'block-failed':
      case 'block-lost':
      case 'disk':
      case 'proved':
      case 'room':
        return this.#past.handle(input);
      default:
        return this.#pastry.handle(input);
    }
  }

  #receive(from: NodeId, message: Message): void {
    if (isPastMessage(message)) this.#past.receive(from, message);
    else this.#pastry.receive(from, message);
  }

  #ring({ ringTime, roomPolicy }: NodeConfig): Ring {
    const context = this.#context;
    const pastry = (): PastryNode => this.#pastry;
    return {
      get self() {
        return context.self;
      },
      params: context.params,
      get status() {
        return context.status;
      },
      get now() {
        return context.now;
      },
      ringTime,
      roomPolicy,
      timers: context.timers,
      leaves: () => context.leafSet.members(),
      half: (side) => (context.leafSet.wraps ? undefined : context.leafSet[side]),
      covers: (key, radius) => context.leafSet.covers(key, radius),
      send: (to, message) => pastry().send(to, message),
      isUnreachable: (nodeId) => context.unlinkable.has(nodeId, context.now) && !context.peers.isReachable(nodeId),
      ask: (key, question, timeoutMs, purpose) => pastry().ask(key, question, timeoutMs, purpose),
      newId: () => context.newId(),
      emit: (output) => context.emit(output),
      count: (cause) => count(context, cause),
    };
  }
}

function createContext(config: NodeConfig, emit: (output: Output) => void): Context {
  const { self, params, timing = DEFAULT_TIMING } = config;
  const leafSet = new LeafSet(self.nodeId, params.leafSetSize);
  const routingTable = new RoutingTable(self.nodeId);
  const neighborhoodSet = new NeighborhoodSet(params.neighborhoodSize);
  return {
    self,
    params,
    timing,
    random: new Random(config.seed),
    newId: config.newId,
    now: 0,
    status: 'joining',
    leafSet,
    routingTable,
    neighborhoodSet,
    tables: { leafSet, routingTable, neighborhoodSet },
    peers: new Peers(),
    unlinkable: new Unlinkable(timing.linkRetryMs),
    hearsay: new HearsayBudget(params.leafSetSize),
    expectedEntries: new ExpectedEntries(),
    timers: new Timers<TimerName>(),
    counters: new Map(),
    emit,
  };
}
