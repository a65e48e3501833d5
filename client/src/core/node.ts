// One node of the ring: Pastry and PAST joined into the machine that a driver, or the simulator, runs.

import type { Input, Inspection, Instant, Machine, Output } from './io.ts';
import { isPastMessage, type Message } from './messages.ts';
import { PastNode } from './past/node.ts';
import type { Ring } from './past/ring.ts';
import type { Context } from './pastry/context.ts';
import type { NodeId } from './pastry/id.ts';
import { LeafSet } from './pastry/leaf-set.ts';
import { NeighborhoodSet } from './pastry/neighborhood-set.ts';
import { PastryNode } from './pastry/node.ts';
import type { NodeHandle } from './pastry/node-handle.ts';
import type { RingParams } from './pastry/params.ts';
import { Peers } from './pastry/peers.ts';
import { RoutingTable } from './pastry/routing-table.ts';
import { DEFAULT_TIMING, type Timing } from './pastry/timing.ts';
import { Unlinkable } from './pastry/unlinkable.ts';
import { Random } from './random.ts';
import { Timers } from './timers.ts';

export interface NodeConfig {
  readonly self: NodeHandle;
  readonly params: RingParams;
  /** Any 32-bit integer; different for each life of each node. */
  readonly seed: number;
  readonly timing?: Timing;
}

export class TabringNode implements Machine {
  readonly #context: Context;
  readonly #pastry: PastryNode;
  readonly #past: PastNode;
  #outputs: Output[] = [];

  constructor(config: NodeConfig) {
    this.#context = createContext(config, (output) => this.#outputs.push(output));
    this.#past = new PastNode(this.#ring());
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
    return { ...this.#pastry.inspect(), held: this.#past.held };
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
      case 'fetch':
      case 'list':
      case 'block-arrived':
      case 'block-failed':
      case 'block-lost':
        return this.#past.handle(input);
      default:
        return this.#pastry.handle(input);
    }
  }

  #receive(from: NodeId, message: Message): void {
    if (isPastMessage(message)) this.#past.receive(from, message);
    else this.#pastry.receive(from, message);
  }

  #ring(): Ring {
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
      timers: context.timers,
      leaves: () => context.leafSet.members(),
      covers: (key) => context.leafSet.covers(key),
      send: (to, message) => pastry().send(to, message),
      isUnreachable: (nodeId) => context.unlinkable.has(nodeId, context.now) && !context.peers.isReachable(nodeId),
      route: (key, payload, timeoutMs, answered, failed) => pastry().request(key, payload, timeoutMs, answered, failed),
      emit: (output) => context.emit(output),
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
    now: 0,
    status: 'joining',
    leafSet,
    routingTable,
    neighborhoodSet,
    tables: { leafSet, routingTable, neighborhoodSet },
    peers: new Peers(),
    unlinkable: new Unlinkable(timing.linkRetryMs),
    timers: new Timers(),
    counters: new Map(),
    emit,
  };
}
