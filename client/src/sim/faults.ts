// Swarm options: which faults a chaos run has, and how much of each, drawn from its seed (Groce et al., "Swarm
// testing", ISSTA 2012). Leaving some faults out of a run lets others go deeper.

import type { Rng } from './rng.ts';
import type { TopologyName } from './topology.ts';

/** Mean events a minute, all nodes together; 0 leaves the fault out. */
export interface FaultRates {
  readonly join: number;
  readonly leave: number;
  /** A page that closes: its links close at once. */
  readonly close: number;
  /** A renderer that is killed: its links stay open until somebody notices. */
  readonly crash: number;
  /** A stopped node comes back under its id, with its disk. */
  readonly restart: number;
  /** Some seconds: nobody should believe it dead. */
  readonly shortFreeze: number;
  /** Up to two minutes. */
  readonly longFreeze: number;
  readonly partition: number;
  /** A newcomer wants the id of a live node. */
  readonly duplicate: number;
  /** A long-frozen node's id is given to a newcomer; then it thaws. */
  readonly takeover: number;
  /** The Discovery node answers nobody for a while. */
  readonly discoveryAway: number;
  readonly lookup: number;
  readonly store: number;
  /** A stored block is deleted. */
  readonly remove: number;
  /** A block is stored of a file that never gets finished. */
  readonly abandon: number;
  /** A node's idea of the ring's time jumps by weeks. */
  readonly wrongClock: number;
  /** A disk takes nothing for a while, without a word of it. */
  readonly fullDisk: number;
}

export interface ChaosOptions {
  readonly digits: number;
  readonly leafSetSize: number;
  readonly topology: TopologyName;
  readonly links: 'instant' | 'handshake';
  readonly jitter: number;
  readonly lossRate: number;
  readonly unlinkableShare: number;
  /** Nodes at the start come all at once, or one after the other. */
  readonly startTogether: boolean;
  readonly rates: FaultRates;
  /** Of the nodes, those whose disks hold a few blocks. */
  readonly smallDiskShare: number;
}

/** Leaves parts out of a run's options: names of rates, or loss, jitter, unlinkable, smallDisks. For shrinking a failing seed. */
export function withoutFaults(options: ChaosOptions, names: ReadonlySet<string>): ChaosOptions {
  const rates = Object.fromEntries(
    Object.entries(options.rates).map(([name, perMinute]) => [name, names.has(name) ? 0 : perMinute]),
  );
  return {
    ...options,
    jitter: names.has('jitter') ? 0 : options.jitter,
    lossRate: names.has('loss') ? 0 : options.lossRate,
    unlinkableShare: names.has('unlinkable') ? 0 : options.unlinkableShare,
    smallDiskShare: names.has('smallDisks') ? 0 : options.smallDiskShare,
    rates: { ...options.rates, ...rates },
  };
}

/** What withoutFaults knows. */
export function faultNames(options: ChaosOptions): string[] {
  return [...Object.keys(options.rates), 'jitter', 'loss', 'unlinkable', 'smallDisks'];
}

/** A fault that is in has between half and twice its usual rate. */
function rate(rng: Rng, usual: number, chance = 0.5): number {
  return rng.chance(chance) ? usual * rng.between(0.5, 2) : 0;
}

export function drawChaos(rng: Rng): ChaosOptions {
  const links = rng.chance(0.8) ? 'handshake' : 'instant';
  return {
    digits: rng.pick([4, 8, 32]) ?? 32,
    leafSetSize: rng.pick([8, 16, 16, 32]) ?? 16,
    topology: rng.pick(['plane', 'transit-stub']) ?? 'plane',
    links,
    jitter: rng.chance(0.7) ? rng.between(0, 1) : 0,
    // Datagrams that get lost make nodes believe each other dead: no rule of safety is absolute then (MSPastry,
    // section 5.3), so loss is drawn only for links, which send again.
    lossRate: links === 'handshake' && rng.chance(0.5) ? rng.between(0, 0.1) : 0,
    unlinkableShare: rng.chance(0.3) ? rng.between(0, 0.1) : 0,
    startTogether: rng.chance(0.5),
    rates: {
      join: rate(rng, 1),
      leave: rate(rng, 0.5),
      close: rate(rng, 0.5),
      crash: rate(rng, 0.5),
      restart: rate(rng, 1),
      shortFreeze: rate(rng, 1),
      longFreeze: rate(rng, 0.3),
      partition: rate(rng, 0.05, 0.3),
      duplicate: rate(rng, 0.3),
      takeover: rate(rng, 0.1, 0.3),
      discoveryAway: rate(rng, 0.1, 0.3),
      lookup: 60,
      store: rate(rng, 4),
      remove: rate(rng, 1),
      abandon: rate(rng, 1),
      wrongClock: rate(rng, 0.3),
      fullDisk: rate(rng, 1),
    },
    smallDiskShare: rng.chance(0.5) ? rng.between(0.1, 0.4) : 0,
  };
}
