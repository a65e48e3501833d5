// npm run sim:report: runs the experiments that have no result yet and writes docs/figures.md and its plots.
// --quick: small sizes only. --only <text>: experiments whose names hold it. --draw: runs nothing. --keep: takes results
// of earlier code for good. --jobs <n>: runs so many at once.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFlags, UsageError } from './arguments.ts';
import { writeDocument } from './report-document.ts';
import { EXPERIMENTS, type Experiment } from './report-experiments.ts';
import { drawPlots } from './report-plots.ts';
import { Results } from './report-results.ts';

const DOCS = fileURLToPath(new URL('../../../docs', import.meta.url));
const MAX_JOBS = 16;

function write(results: Results): void {
  const plots = drawPlots(results);
  mkdirSync(join(DOCS, 'figures'), { recursive: true });
  for (const { file, svg } of plots) writeFileSync(join(DOCS, 'figures', file), svg);
  writeFileSync(join(DOCS, 'figures.md'), writeDocument(results, plots));
}

/** Runs experiments in order, `jobs` at a time; the page is written anew after each, so that nothing is lost. */
async function runAll(experiments: readonly Experiment[], results: Results, jobs: number): Promise<number> {
  const waiting = [...experiments];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let experiment = waiting.shift(); experiment !== undefined; experiment = waiting.shift()) {
      process.stdout.write(`${experiment.name} (${waiting.length} wait)\n`);
      try {
        await results.run(experiment);
        write(results);
      } catch (error) {
        failed += 1;
        process.stderr.write(`${experiment.name}: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return failed;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = parseFlags(args, ['only', 'jobs'], ['quick', 'draw', 'keep']);
    const jobs = flags.whole('jobs', 1, 1, MAX_JOBS);
    const only = flags.text('only') ?? '';
    const results = await Results.open();
    const wanted = EXPERIMENTS.filter((experiment) => {
      if (flags.has('draw') || !experiment.name.includes(only)) return false;
      if (flags.has('quick') && !experiment.isQuick) return false;
      return flags.has('keep') ? !results.has(experiment) : !results.isFresh(experiment);
    });
    const failed = await runAll(wanted, results, jobs);
    write(results);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`sim:report: ${error.message}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
