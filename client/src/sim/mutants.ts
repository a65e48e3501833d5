// npm run sim:mutants [-- part of a name]: plants deliberate bugs one at a time and shows which check catches each.
// Proof that the checkers bite. Exit code 1 if a bug survives, has drifted, or the unchanged code does not pass.

import { MUTANTS, type Mutant, type Net } from './mutants-catalogue.ts';
import { createCopy, plant, removeCopy } from './mutants-copy.ts';
import { cast } from './mutants-nets.ts';

/** Each net is one process, so this many cores are in use. */
const PARALLEL = 2;

interface Task {
  readonly name: string;
  readonly file: string;
  readonly nets: readonly Net[];
  readonly mutant: Mutant | undefined;
}

interface Outcome {
  readonly task: Task;
  /** The net and what it said; undefined if none said anything. */
  readonly caughtBy: string | undefined;
  /** What went wrong beside. */
  readonly fault: string | undefined;
  readonly seconds: number;
}

async function tryTask(task: Task): Promise<Outcome> {
  const startedAt = performance.now();
  const done = (caughtBy: string | undefined, fault?: string): Outcome => {
    const seconds = (performance.now() - startedAt) / 1000;
    return { task, caughtBy, fault, seconds };
  };
  const top = createCopy();
  try {
    if (task.mutant !== undefined) plant(top, task.mutant);
    for (const net of task.nets) {
      const caught = await cast(net, top);
      if (caught !== undefined) return done(`${net}: ${caught}`);
    }
    return done(undefined);
  } catch (error) {
    return done(undefined, error instanceof Error ? error.message : String(error));
  } finally {
    removeCopy(top);
  }
}

/** Runs tasks in order, PARALLEL at a time; `tell` hears of each as it ends. */
async function tryAll(tasks: readonly Task[], tell: (outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const outcome = await tryTask(task);
      outcomes.push(outcome);
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return outcomes;
}

function isGood({ task, caughtBy, fault }: Outcome): boolean {
  return fault === undefined && (task.mutant === undefined ? caughtBy === undefined : caughtBy !== undefined);
}

function row(outcome: Outcome, width: number, fileWidth: number): string {
  const { task, caughtBy, fault, seconds } = outcome;
  const verdict = fault ?? caughtBy ?? (task.mutant === undefined ? 'passes' : 'SURVIVES');
  return `${task.name.padEnd(width)} | ${task.file.padEnd(fileWidth)} | ${verdict} | ${seconds.toFixed(1)}\n`;
}

async function main(wanted: string | undefined): Promise<number> {
  const mutants = MUTANTS.filter(({ name }) => name.includes(wanted ?? ''));
  const nets = [...new Set(mutants.flatMap((mutant) => mutant.nets))];
  // A net that catches the unchanged code proves nothing.
  const unchanged = nets.map((net): Task => ({ name: 'unchanged', file: net, nets: [net], mutant: undefined }));
  const planted = mutants.map((mutant): Task => ({ ...mutant, mutant }));
  const tasks = [...unchanged, ...planted];
  const width = Math.max(...tasks.map(({ name }) => name.length));
  const fileWidth = Math.max(...tasks.map(({ file }) => file.length));
  process.stdout.write(`${'mutant'.padEnd(width)} | ${'where'.padEnd(fileWidth)} | caught by | seconds\n`);
  const outcomes = await tryAll(tasks, (outcome) => process.stdout.write(row(outcome, width, fileWidth)));
  const bad = outcomes.filter((outcome) => !isGood(outcome));
  process.stdout.write(
    `${planted.length} bugs planted, ${bad.length === 0 ? 'all caught' : `${bad.length} not right`}\n`,
  );
  return mutants.length > 0 && bad.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
