// A ring under simulation: makes nodes and ends them in every way a tab can, and answers what they ask of the world.

import type { Output } from '../core/io.ts';
import { isId, type Key, type NodeId } from '../core/pastry/id.ts';
import { UNKNOWN_COORDINATE } from '../core/pastry/node-handle.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Timing } from '../core/pastry/timing.ts';
import { createFrameCodec, type FrameCodec } from '../wire/frame.ts';
import { CheapAuthority } from './cheap-scheme.ts';
import { Conditions } from './conditions.ts';
import { Discovery } from './discovery.ts';
import { Disks, isStorageOutput } from './disks.ts';
import { HandshakeLinks } from './handshake-links.ts';
import { type Disk, Host } from './host.ts';
import { InstantLinks } from './instant-links.ts';
import { Lookups } from './lookups.ts';
import type { CreateMachine } from './machine.ts';
import { Metrics } from './metrics.ts';
import { Network, type Surroundings } from './network.ts';
import { RingClock } from './ring-clock.ts';
import { Rng } from './rng.ts';
import { Schedule } from './schedule.ts';
import { createTopology, type Place, type Topology, type TopologyName } from './topology.ts';
import { Truth } from './truth.ts';
import { Wire } from './wire.ts';

/** A question to the Discovery node and its answer. */
const DISCOVERY_ROUND_TRIP_MS = 60;
const REGISTRATION_RETRY_MS = 1_000;
/** How long the Discovery node believes in a tab that says nothing. */
const REGISTRATION_TIMEOUT_MS = 20_000;
/** Spread of the nodes' clocks, milliseconds. */
const CLOCK_SPREAD_MS = 1_000_000;

export interface ClusterOptions {
  readonly seed: number;
  readonly params: RingParams;
  readonly timing: Timing;
  readonly topology: TopologyName;
  /** instant: datagrams, as in the papers. handshake: as WebRTC. */
  readonly links: 'instant' | 'handshake';
  /** True: every message passes through the codec, and bytes are counted. */
  readonly wire: boolean;
  readonly createMachine: CreateMachine;
}

export interface JoinOptions {
  readonly nodeId?: NodeId;
  readonly device?: string;
  readonly diskCapacity?: number;
}

export class Cluster implements Surroundings {
  readonly options: ClusterOptions;
  readonly schedule = new Schedule();
  readonly rng: Rng;
  readonly topology: Topology;
  readonly conditions: Conditions;
  readonly discovery: Discovery;
  readonly network: Network;
  readonly truth: Truth;
  readonly lookups: Lookups;
  readonly metrics = new Metrics();
  readonly disks: Disks;
  /** Told of answers to store and fetch requests. */
  onStorage: (host: Host, output: Output) => void = () => undefined;
  /** Told of a message that the codec refuses. */
  onRefused: (what: string) => void = (what) => {
    throw new Error(`the codec refuses what the core made: ${what}`);
  };
  readonly #idRng: Rng;
  readonly #codec: FrameCodec;
  readonly ringClock = new RingClock(() => this.schedule.now);
  readonly authority: CheapAuthority;
  readonly #hosts = new Set<Host>();
  readonly #placeById = new Map<NodeId, Place>();
  readonly #epochById = new Map<NodeId, number>();
  readonly #deviceById = new Map<NodeId, string>();

  constructor(options: ClusterOptions) {
    this.options = options;
    const rng = new Rng(options.seed);
    this.topology = createTopology(options.topology, rng.split('topology'));
    this.conditions = new Conditions(this.topology, rng.split('conditions'));
    this.discovery = new Discovery(rng.split('discovery'));
    this.#idRng = rng.split('ids');
    this.#codec = createFrameCodec(options.params);
    this.network = new Network(
      this.schedule,
      options.wire ? new Wire(this.#codec, (what) => this.onRefused(what)) : undefined,
    );
    const links =
      options.links === 'instant'
        ? new InstantLinks(this.network, this.conditions)
        : new HandshakeLinks(this.network, this.conditions, rng.split('links'), (id) =>
            this.discovery.isRegistered(id),
          );
    this.disks = new Disks(this.network, this.conditions, new Rng(options.seed).split('disks'));
    this.truth = new Truth(this.network, this.conditions);
    this.lookups = new Lookups(this.network, this.truth, this.topology, this.#placeById);
    this.network.attach(links, this);
    for (const listener of [this.truth, this.lookups, this.metrics]) this.network.listen(listener);
    // Of its own: what is secret must not move the draws of others.
    this.authority = new CheapAuthority(new Rng(options.seed).split('secrets'));
    this.rng = rng;
  }

  /** Every host that has not stopped, frozen ones included, in the order in which they came. */
  get hosts(): ReadonlySet<Host> {
    return this.#hosts;
  }

  /** A random id that nobody has had. */
  freshId(): NodeId {
    for (;;) {
      const id = this.#idRng.hex(this.options.params.digits);
      if (isId(id, this.options.params.digits) && !this.#epochById.has(id)) return id;
    }
  }

  /** A random key. */
  randomKey(): Key {
    const key = this.#idRng.hex(this.options.params.digits);
    if (!isId(key, this.options.params.digits)) throw new Error(`${key} is no key`);
    return key;
  }

  /** Opens a new tab. An id that a live tab has is not given twice: the newcomer gets another. */
  join(options: JoinOptions = {}): Host {
    const wanted = options.nodeId;
    const isTaken = wanted !== undefined && this.discovery.isRegistered(wanted);
    const nodeId = wanted === undefined || isTaken ? this.freshId() : wanted;
    const device = options.device ?? this.#deviceById.get(nodeId) ?? `device-${this.#epochById.size}`;
    return this.#start(nodeId, device, this.disks.create(options.diskCapacity));
  }

  /** Opens a stopped node's tab again: the same id, place and disk, and a higher epoch. */
  restart(former: Host): Host {
    return this.#start(former.nodeId, this.#deviceById.get(former.nodeId) ?? '', former.disk);
  }

  /** A tab dies. silent: its renderer is killed. closed: its page goes away, and its links close. */
  crash(host: Host, how: 'silent' | 'closed' = 'silent'): void {
    this.#hosts.delete(host);
    this.disks.forget(host);
    this.network.stop(host, how);
    if (how === 'closed') this.#unregister(host);
    else this.schedule.after(REGISTRATION_TIMEOUT_MS, () => this.#unregister(host));
  }

  /** A tab says goodbye; it stops as soon as its machine says that it has left. urgent: its page is going away. */
  leave(host: Host, urgent = false): void {
    this.network.deliver(host, { type: 'leave', urgent });
  }

  freeze(host: Host, durationMs: number): void {
    this.network.freeze(host, durationMs);
    // The Discovery node gives up a silent tab, and takes it back when it registers again.
    this.schedule.after(REGISTRATION_TIMEOUT_MS, () => {
      if (host.state === 'frozen') this.#unregister(host);
    });
    this.schedule.after(durationMs + DISCOVERY_ROUND_TRIP_MS, () => this.#thawed(host));
  }

  /** The k nodes closest to `key` that are on distinct devices, closest first; where there are fewer devices, then the closest others (P1). */
  replicaSet(key: Key): readonly NodeId[] {
    const { replicas } = this.options.params;
    const devices = new Set<string>();
    const set: NodeId[] = [];
    const others: NodeId[] = [];
    for (const id of this.truth.ring.closest(key, this.truth.ring.size)) {
      const device = this.#deviceById.get(id) ?? '';
      if (devices.has(device)) {
        others.push(id);
        continue;
      }
      devices.add(device);
      set.push(id);
      if (set.length === replicas) break;
    }
    return [...set, ...others].slice(0, replicas);
  }

  partition(groupById: ReadonlyMap<NodeId, number>): void {
    this.conditions.partition(groupById);
    this.truth.regroup();
    this.network.links.conditionsChanged();
  }

  healPartition(): void {
    this.conditions.healPartition();
    this.truth.regroup();
    this.network.links.conditionsChanged();
  }

  /** Runs for `durationMs` of virtual time. */
  run(durationMs: number): void {
    this.schedule.runUntil(this.schedule.now + durationMs);
  }

  /** Runs until `isDone`, at most `limitMs` of virtual time; tells whether it is done. */
  runUntil(isDone: () => boolean, limitMs: number): boolean {
    return this.schedule.runUntilTrue(isDone, this.schedule.now + limitMs);
  }

  output(host: Host, output: Parameters<Surroundings['output']>[1]): void {
    if (isStorageOutput(output)) return this.disks.output(host, output);
    switch (output.type) {
      case 'ask-sponsor':
        this.schedule.after(DISCOVERY_ROUND_TRIP_MS, () => this.#nameSponsor(host));
        return;
      case 'status':
        // Not now: the outputs behind this one are goodbyes.
        if (output.status === 'left') this.schedule.after(0, () => this.crash(host, 'closed'));
        return;
      case 'stored':
      case 'store-failed':
      case 'fetched':
      case 'fetch-failed':
      case 'leased':
        this.onStorage(host, output);
        return;
      default:
    }
  }

  #start(nodeId: NodeId, device: string, disk: Disk): Host {
    const { params, timing, createMachine } = this.options;
    const epoch = (this.#epochById.get(nodeId) ?? 0) + 1;
    const place = this.#placeById.get(nodeId) ?? this.topology.add();
    this.#epochById.set(nodeId, epoch);
    this.#placeById.set(nodeId, place);
    this.#deviceById.set(nodeId, device);
    const scheme = this.authority.scheme({ role: 'node', nodeId, epoch, device });
    const machine = createMachine({
      self: { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE },
      params,
      seed: this.#idRng.uint32(),
      timing,
      scheme,
      ringTime: () => this.ringClock.nowOf(nodeId),
    });
    const clockOffset = this.#idRng.int(CLOCK_SPREAD_MS);
    const host = new Host({ nodeId, epoch, place, disk, machine, scheme, codec: this.#codec, clockOffset });
    this.#hosts.add(host);
    this.#register(host);
    return host;
  }

  /** A tab is nobody before the Discovery node has answered; while that is away, it tries again. */
  #register(host: Host): void {
    const { nodeId, disk } = host;
    if (host.state === 'down') return;
    if (this.discovery.isAway) {
      this.schedule.after(REGISTRATION_RETRY_MS, () => this.#register(host));
      return;
    }
    const other = this.network.hostOf(nodeId);
    if (other !== undefined && this.discovery.isRegistered(nodeId)) {
      // Its owner came back while the Discovery node was away.
      this.#hosts.delete(host);
      this.join({ diskCapacity: disk.capacity });
      return;
    }
    this.network.add(host);
    const sponsor = this.discovery.sponsorFor(nodeId);
    this.discovery.register(nodeId);
    const held = [...disk.blockByDigest.values()];
    const leased = [...disk.leasedByDigest.values()];
    this.disks.tellRoom(host);
    this.network.deliver(host, { type: 'start', sponsor, held, leased });
  }

  /** While the Discovery node is away the question waits; it is not answered by "you are alone". */
  #nameSponsor(host: Host): void {
    if (this.discovery.isAway) this.schedule.after(REGISTRATION_RETRY_MS, () => this.#nameSponsor(host));
    else this.network.deliver(host, { type: 'sponsor', sponsor: this.discovery.sponsorFor(host.nodeId) });
  }

  /** A thawed tab registers again; if its id has been given away meanwhile, it starts anew under another. */
  #thawed(host: Host): void {
    if (host.state === 'frozen') {
      // Again: it hears of its lost id when it can hear.
      this.schedule.after(REGISTRATION_RETRY_MS, () => this.#thawed(host));
      return;
    }
    if (host.state === 'down') return;
    if (this.network.hostOf(host.nodeId) === host) {
      this.discovery.register(host.nodeId);
      return;
    }
    this.crash(host, 'closed');
    this.join({ diskCapacity: host.disk.capacity });
  }

  #unregister(host: Host): void {
    const answering = this.network.hostOf(host.nodeId);
    if (answering === undefined || answering === host) this.discovery.remove(host.nodeId);
  }
}
