// sim chaos: random faults, then calm; exit code 1 with the seed and the broken rule if any rule fails.

import { parseFlags, UsageError } from './arguments.ts';
import { type ChaosResult, runChaos } from './chaos.ts';
import { type ChaosOptions, drawChaos, faultNames } from './faults.ts';
import { createTabringNode } from './machine.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';
import { Trace } from './trace.ts';

const PROGRESS_RUNS = 10;
/** Details of one seed that are shown. */
const SHOWN_VIOLATIONS = 5;

export function chaos(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['seed', 'nodes', 'minutes', 'runs', 'without'],
    ['json', 'trace', 'no-wire', 'check-roots'],
  );
  const seed = flags.whole('seed', undefined, 0, Number.MAX_SAFE_INTEGER);
  const nodes = flags.whole('nodes', 60, 2, 10_000);
  const minutes = flags.number('minutes', 30, 0, 100_000);
  const runs = flags.whole('runs', 1, 1, 1_000_000);
  const without = new Set((flags.text('without') ?? '').split(',').filter((name) => name !== ''));
  const known = faultNames(drawChaos(new Rng(seed)));
  for (const name of without) {
    if (!known.includes(name)) throw new UsageError(`--without takes ${known.join(',')}, not "${name}"`);
  }
  const failures: ChaosResult[] = [];
  const faults: Record<string, number> = {};
  const conditions: Record<string, number> = {};
  let last: ChaosResult | undefined;
  for (let run = 0; run < runs; run += 1) {
    const result = runChaos({
      seed: seed + run,
      nodes,
      minutes,
      wire: !flags.has('no-wire'),
      without,
      createMachine: createTabringNode,
      checksRoots: flags.has('check-roots'),
      // Lines go where progress goes: stdout is the report's.
      ...(flags.has('trace') && {
        prepare: (cluster) => cluster.network.listen(new Trace(cluster.network, progress)),
      }),
    });
    last = result;
    for (const [fault, count] of Object.entries(result.faults)) faults[fault] = (faults[fault] ?? 0) + count;
    for (const name of conditionsOf(result.options)) conditions[name] = (conditions[name] ?? 0) + 1;
    if (result.violations.length > 0) {
      failures.push(result);
      progress(`seed ${result.seed} broke ${rulesOf(result).join(', ')}`);
    }
    if ((run + 1) % PROGRESS_RUNS === 0) progress(`${run + 1} of ${runs} runs, ${failures.length} failed`);
  }
  const json = {
    seed,
    runs,
    nodes,
    minutes,
    failedSeeds: failures.map((result) => result.seed),
    failures: failures.map((result) => ({
      seed: result.seed,
      rules: rulesOf(result),
      violations: result.violations.slice(0, SHOWN_VIOLATIONS),
      options: result.options,
    })),
    faults,
    runsByCondition: conditions,
    ...(runs === 1 && last !== undefined && { run: { ...last, violations: last.violations.length } }),
  };
  const rows: [string, string][] = [
    ['runs', `${runs} (seeds ${seed} to ${seed + runs - 1}), ${nodes} nodes, ${minutes} minutes`],
    ['failed', String(failures.length)],
    ['faults', countsText(faults)],
    ['runs with', countsText(conditions)],
  ];
  for (const failure of failures) {
    rows.push([`seed ${failure.seed}`, rulesOf(failure).join(', ')]);
    for (const { rule, detail } of failure.violations.slice(0, SHOWN_VIOLATIONS)) rows.push(['', `${rule}: ${detail}`]);
  }
  return { json, rows, isGood: failures.length === 0 };
}

function rulesOf(result: ChaosResult): string[] {
  return [...new Set(result.violations.map(({ rule }) => rule))];
}

/** What held all through a run, beside its faults. */
function conditionsOf(options: ChaosOptions): string[] {
  const names = [`${options.topology} topology`, `${options.links} links`];
  if (options.jitter > 0) names.push('jitter');
  if (options.lossRate > 0) names.push('loss');
  if (options.unlinkableShare > 0) names.push('pairs that cannot link');
  if (options.smallDiskShare > 0) names.push('small disks');
  if (options.startTogether) names.push('all starting at once');
  return names;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
