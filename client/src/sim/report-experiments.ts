// Which experiments docs/figures.md is made of: each is one run of the simulator's command line, under a name by which
// the tables and plots find its result.

export interface Experiment {
  readonly name: string;
  /** Of `npm run -s sim --`. */
  readonly args: readonly string[];
  /** Takes less than about a minute. */
  readonly isQuick: boolean;
}

export const RING_SIZES = [100, 1_000, 2_000, 4_000, 5_000, 10_000, 20_000, 50_000, 100_000] as const;
const LARGEST_QUICK_RING = 1_000;
/** Sizes at which the neighborhood set's part is told: none at all, ours, the paper's. */
export const COMPARED_SIZES = [1_000, 5_000, 10_000] as const;
export const NEIGHBORHOOD_SIZES = [0, 16, 32] as const;
const DEFAULT_NEIGHBORHOOD = 16;

export const SMALL_RING_SIZES = [5, 10, 20, 50, 100, 200, 1_000, 5_000] as const;
export const SMALL_LEAF_SETS = [2, 16] as const;
const SMALL_NEIGHBORHOODS = [16, 0] as const;
/** Small rings differ a lot from one another, so several are averaged. */
const SMALL_SEEDS = 10;
const LARGEST_SEEDED_RING = 200;

/** Median sessions of the sweep, minutes. */
export const SWEPT_SESSIONS = [5, 15, 30, 60, 120] as const;

export function hopsName(nodes: number, neighborhood: number = DEFAULT_NEIGHBORHOOD): string {
  return `hops-${nodes}${neighborhood === DEFAULT_NEIGHBORHOOD ? '' : `-m${neighborhood}`}`;
}

export function smallRingNames(nodes: number, leafSet: number, neighborhood: number): string[] {
  return smallSeeds(nodes).map((seed) => smallRingName(nodes, leafSet, neighborhood, seed));
}

export function sweepName(sessionMinutes: number): string {
  return `churn-sweep-${sessionMinutes}`;
}

function smallSeeds(nodes: number): number[] {
  const count = nodes <= LARGEST_SEEDED_RING ? SMALL_SEEDS : 1;
  return Array.from({ length: count }, (_, index) => index + 1);
}

function smallRingName(nodes: number, leafSet: number, neighborhood: number, seed: number): string {
  return `small-${nodes}-l${leafSet}-m${neighborhood}-s${seed}`;
}

/** PAST's own shape, made smaller: its disks' spread, its files' sizes, how much it offered, k = 5, no room kept for smaller blocks. */
function past(name: string, args = '', leafSet = 32, disks = 'd1'): Experiment {
  const shape = `--nodes 60 --disk 8 --disks ${disks} --web --overfill 1.54 --replicas 5 --leaf-set ${leafSet} --kept-free 1`;
  return experiment(`past-${name}`, `past ${shape}${args === '' ? '' : ` ${args}`}`, false);
}

function experiment(name: string, args: string, isQuick: boolean): Experiment {
  return { name, args: args.split(' '), isQuick };
}

function smallRings(): Experiment[] {
  const list: Experiment[] = [];
  for (const nodes of SMALL_RING_SIZES) {
    for (const leafSet of SMALL_LEAF_SETS) {
      for (const neighborhood of SMALL_NEIGHBORHOODS) {
        for (const seed of smallSeeds(nodes)) {
          const name = smallRingName(nodes, leafSet, neighborhood, seed);
          const tables = `--digits 4 --leaf-set ${leafSet} --neighborhood ${neighborhood}`;
          list.push(experiment(name, `hops --nodes ${nodes} ${tables} --seed ${seed}`, nodes <= LARGEST_SEEDED_RING));
        }
      }
    }
  }
  return list;
}

function largeRings(): Experiment[] {
  const list: Experiment[] = [];
  for (const nodes of RING_SIZES) {
    list.push(experiment(hopsName(nodes), `hops --nodes ${nodes}`, nodes <= LARGEST_QUICK_RING));
    for (const neighborhood of NEIGHBORHOOD_SIZES) {
      if (neighborhood === DEFAULT_NEIGHBORHOOD || !COMPARED_SIZES.some((size) => size === nodes)) continue;
      const args = `hops --nodes ${nodes} --neighborhood ${neighborhood}`;
      list.push(experiment(hopsName(nodes, neighborhood), args, nodes <= LARGEST_QUICK_RING));
    }
  }
  return list;
}

function churn(name: string, args: string, isQuick = false): Experiment {
  return experiment(`churn-${name}`, `churn ${args}`, isQuick);
}

/** Long runs at ten times MSPastry's rate of lookups, so that a share of 1e-5 means something, tell what goes wrong. */
export const EXPERIMENTS: readonly Experiment[] = [
  ...smallRings(),
  experiment('failures-500', 'failures --nodes 500 --fail 50 --lookups 5000', true),
  churn('small', '--nodes 100 --median-session-min 60 --minutes 30', true),
  churn('small-1.4', '--nodes 100 --median-session-min 1.4 --minutes 10', true),
  ...largeRings(),
  experiment('failures-5000', 'failures --nodes 5000 --fail 500', false),
  churn('60', '--nodes 1000 --median-session-min 60 --minutes 60'),
  churn('60-lookups', '--nodes 1000 --median-session-min 60 --minutes 180 --lookup-rate 0.1'),
  churn('60-loss', '--nodes 1000 --median-session-min 60 --minutes 180 --lookup-rate 0.1 --loss 0.05'),
  churn('60-stub', '--nodes 1000 --median-session-min 60 --minutes 60 --topology transit-stub'),
  churn('1.4', '--nodes 1000 --median-session-min 1.4 --minutes 30'),
  ...SWEPT_SESSIONS.map((minutes) =>
    experiment(sweepName(minutes), `churn --nodes 300 --median-session-min ${minutes} --minutes 30`, false),
  ),
  experiment('objects', 'objects --nodes 1000 --objects 10000', false),
  experiment('objects-devices', 'objects --nodes 105 --objects 1000 --sharing 100 --die 0', false),
  experiment('sessions-k3', 'sessions --nodes 300 --objects 1000', false),
  experiment('sessions-k5', 'sessions --nodes 300 --objects 1000 --replicas 5', false),
  experiment('sessions-graceful', 'sessions --nodes 300 --objects 1000 --graceful', false),
  experiment('acknowledged', 'acknowledged --objects 10000', false),
  past('none', '--t-pri 1 --t-div 0 --places 1'),
  past('l16', '', 16),
  past('l32'),
  past('d2', '', 32, 'd2'),
  past('d3', '', 32, 'd3'),
  past('d4', '', 32, 'd4'),
  ...['0.5', '0.2', '0.05'].map((share) => past(`pri-${share}`, `--t-pri ${share}`)),
  ...['0.1', '0.01', '0.005'].map((share) => past(`div-${share}`, `--t-div ${share}`)),
  experiment('past-ours', 'past --nodes 60 --disk 8 --disks d1 --web --overfill 1.54', false),
  experiment('past-small-disks', 'past --nodes 60 --disk 40 --block 4', false),
];
