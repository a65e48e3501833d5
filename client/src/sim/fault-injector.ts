// Makes faults happen at random times, at the rates of a run's options, until it is told to stop.

import type { NodeId } from '../core/pastry/id.ts';
import { isId } from '../core/pastry/id.ts';
import type { Cluster } from './cluster.ts';
import { pairApart } from './common-peers.ts';
import type { FaultRates } from './faults.ts';
import type { Host } from './host.ts';
import type { Rng } from './rng.ts';
import type { StoreLoad } from './store-load.ts';

const MINUTE_MS = 60_000;
/** Faults never take the ring below this: a ring of one has nothing left to go wrong. */
const MIN_NODES = 5;
/** Shorter than any verdict of death: nobody is to be forgotten for it. */
const SHORT_FREEZE_MS = [500, 4_000] as const;
const LONG_FREEZE_MS = [20_000, 120_000] as const;
/** Beyond the Discovery node's patience, so that the id is free to be given away. */
const TAKEOVER_AFTER_MS = 25_000;
const TAKEOVER_FREEZE_MS = [30_000, 90_000] as const;
const PARTITION_MS = [5_000, 180_000] as const;
/** Longer than any lease. */
const CLOCK_JUMP_MS = 30 * 24 * 60 * MINUTE_MS;
const AWAY_MS = [10_000, 120_000] as const;
const FULL_DISK_MS = [10_000, 300_000] as const;

export class FaultInjector {
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #stores: StoreLoad;
  readonly #stopped: Host[] = [];
  #isOver = false;
  /** How often each fault happened. */
  readonly countByFault = new Map<string, number>();

  constructor(cluster: Cluster, rng: Rng, stores: StoreLoad) {
    this.#cluster = cluster;
    this.#rng = rng;
    this.#stores = stores;
  }

  start(rates: FaultRates): void {
    const acts: Readonly<Record<keyof FaultRates, () => void>> = {
      join: () => this.#cluster.join(),
      leave: () => this.#withVictim((host) => this.#cluster.leave(host, this.#rng.chance(0.5))),
      close: () => this.#stop('closed'),
      crash: () => this.#stop('silent'),
      restart: () => this.#restart(),
      shortFreeze: () => this.#freeze(SHORT_FREEZE_MS),
      longFreeze: () => this.#freeze(LONG_FREEZE_MS),
      partition: () => this.#partition(),
      duplicate: () => this.#withVictim((host) => this.#cluster.join({ nodeId: host.nodeId })),
      takeover: () => this.#takeOver(),
      discoveryAway: () => this.#discoveryAway(),
      lookup: () => this.#lookUp(),
      store: () => this.#withVictim((host) => this.#stores.store(host)),
      remove: () => this.#withVictim((host) => this.#stores.remove(host)),
      abandon: () => this.#withVictim((host) => this.#stores.abandon(host)),
      wrongClock: () => this.#setClock(),
      fullDisk: () => this.#fillDisk(),
    };
    for (const [fault, act] of Object.entries(acts)) {
      const perMinute = Object.entries(rates).find(([name]) => name === fault)?.[1] ?? 0;
      if (perMinute > 0) this.#again(fault, MINUTE_MS / perMinute, act);
    }
  }

  /** No new faults; frozen nodes thaw in their time, and a partition heals now. */
  stop(): void {
    this.#isOver = true;
    const { conditions, discovery } = this.#cluster;
    this.#cluster.healPartition();
    this.#cluster.ringClock.errorMsById.clear();
    for (const { disk } of this.#cluster.hosts) disk.refusesWrites = false;
    discovery.isAway = false;
    conditions.lossRate = 0;
    this.#joinPairs();
  }

  /** Newcomers come until every pair has a link or a common peer, without which there can be no one ring (R30). */
  #joinPairs(): void {
    const { conditions, hosts } = this.#cluster;
    const canLink = (a: NodeId, b: NodeId): boolean => conditions.canLink(a, b);
    const ids = (): NodeId[] => Array.from(hosts, ({ nodeId }) => nodeId);
    while (pairApart(ids(), canLink) !== undefined) this.#cluster.join();
  }

  #again(fault: string, meanMs: number, act: () => void): void {
    this.#cluster.schedule.after(this.#rng.exponential(meanMs), () => {
      if (this.#isOver) return;
      this.countByFault.set(fault, (this.countByFault.get(fault) ?? 0) + 1);
      act();
      this.#again(fault, meanMs, act);
    });
  }

  #withVictim(act: (host: Host) => void): void {
    const host = this.#victim();
    if (host !== undefined) act(host);
  }

  #victim(): Host | undefined {
    const running = [...this.#cluster.hosts].filter((host) => host.state === 'up');
    return running.length > MIN_NODES ? this.#rng.pick(running) : undefined;
  }

  #stop(how: 'silent' | 'closed'): void {
    this.#withVictim((host) => {
      this.#cluster.crash(host, how);
      this.#stopped.push(host);
    });
  }

  #restart(): void {
    const [host] = this.#stopped.splice(this.#rng.int(this.#stopped.length), 1);
    if (host === undefined || this.#cluster.network.hostOf(host.nodeId) !== undefined) return;
    this.#cluster.restart(host);
  }

  #freeze([shortest, longest]: readonly [number, number]): void {
    this.#withVictim((host) => this.#cluster.freeze(host, this.#rng.between(shortest, longest)));
  }

  #partition(): void {
    const { cluster } = this.#parts();
    if (cluster.conditions.isPartitioned) return;
    const share = this.#rng.between(0.1, 0.5);
    const groupById = new Map<NodeId, number>();
    for (const { nodeId } of cluster.hosts) groupById.set(nodeId, this.#rng.chance(share) ? 1 : 0);
    cluster.partition(groupById);
    cluster.schedule.after(this.#rng.between(...PARTITION_MS), () => cluster.healPartition());
  }

  #takeOver(): void {
    this.#withVictim((host) => {
      this.#cluster.freeze(host, this.#rng.between(...TAKEOVER_FREEZE_MS));
      this.#cluster.schedule.after(TAKEOVER_AFTER_MS, () => {
        if (host.state === 'frozen') this.#cluster.join({ nodeId: host.nodeId });
      });
    });
  }

  #setClock(): void {
    this.#withVictim(({ nodeId }) => {
      const { ringClock, schedule } = this.#cluster;
      ringClock.errorMsById.set(nodeId, this.#rng.between(-CLOCK_JUMP_MS, CLOCK_JUMP_MS));
      schedule.after(this.#rng.between(...AWAY_MS), () => ringClock.errorMsById.delete(nodeId));
    });
  }

  #fillDisk(): void {
    this.#withVictim(({ disk }) => {
      disk.refusesWrites = true;
      this.#cluster.schedule.after(this.#rng.between(...FULL_DISK_MS), () => {
        disk.refusesWrites = false;
      });
    });
  }

  #discoveryAway(): void {
    const { discovery, schedule } = this.#cluster;
    discovery.isAway = true;
    schedule.after(this.#rng.between(...AWAY_MS), () => {
      discovery.isAway = false;
    });
  }

  /** Of a random key, or of the id of a live node. */
  #lookUp(): void {
    const { cluster } = this.#parts();
    const host = this.#rng.pick([...cluster.hosts].filter(({ state }) => state === 'up'));
    const id = this.#rng.chance(0.3) ? this.#rng.pick(cluster.truth.ring.ids) : undefined;
    const random = this.#rng.hex(cluster.options.params.digits);
    const key = id ?? (isId(random, random.length) ? random : undefined);
    if (host !== undefined && key !== undefined) cluster.lookups.issue(host, key);
  }

  #parts(): { readonly cluster: Cluster } {
    return { cluster: this.#cluster };
  }
}
