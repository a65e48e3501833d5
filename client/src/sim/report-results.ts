// Results of experiments, kept in the repository between runs of the report, so that who runs one of them anew keeps the
// others: one line of JSON each, with the command and a digest of the code that it was measured with.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfCommand } from './report-code.ts';
import { EXPERIMENTS, type Experiment } from './report-experiments.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const FILE = join(TOP, 'docs/figures/results.jsonl');
/** As `npm run sim`: 100,000 nodes need most of it, and make much garbage that dies young. */
const NODE_ARGS = [
  '--max-old-space-size=18000',
  '--max-semi-space-size=64',
  '--import',
  'tsx',
  'client/src/sim/main.ts',
];

interface StoredResult {
  readonly name: string;
  readonly command: string;
  readonly code: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Figures by experiment and key; undefined where the experiment was not run. */
export interface Figures {
  number(experiment: string, key: string): number | undefined;
  numbers(experiment: string, key: string): readonly number[] | undefined;
}

export class Results implements Figures {
  /** Of the present code. */
  readonly #codeByCommand: ReadonlyMap<string, string>;

  private constructor(codeByCommand: ReadonlyMap<string, string>) {
    this.#codeByCommand = codeByCommand;
  }

  static async open(): Promise<Results> {
    const commands = [...new Set(EXPERIMENTS.map(commandName))];
    const digests = commands.map(async (command) => [command, await digestOfCommand(command)] as const);
    return new Results(new Map(await Promise.all(digests)));
  }

  /** True if there is a result, be it of earlier code. */
  has({ name }: Experiment): boolean {
    return this.#read(name) !== undefined;
  }

  /** True if the result was measured with the present code by the present command. */
  isFresh(experiment: Experiment): boolean {
    const stored = this.#read(experiment.name);
    return stored?.code === this.#codeOf(experiment) && stored?.command === commandOf(experiment);
  }

  /** Runs an experiment and keeps its result. Rejects if it fails in itself; broken rules are part of the result. */
  async run(experiment: Experiment): Promise<void> {
    const code = this.#codeOf(experiment);
    const result: Readonly<Record<string, unknown>> = JSON.parse(await simulate(experiment.args));
    if ((await digestOfCommand(commandName(experiment))) !== code)
      throw new Error('the code has changed under the experiment: its result is thrown away');
    this.#keep({ name: experiment.name, command: commandOf(experiment), code, result });
  }

  number(name: string, key: string): number | undefined {
    const value = this.#read(name)?.result[key];
    return typeof value === 'number' ? value : undefined;
  }

  numbers(name: string, key: string): readonly number[] | undefined {
    const value = this.#read(name)?.result[key];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : undefined;
  }

  #codeOf(experiment: Experiment): string {
    const code = this.#codeByCommand.get(commandName(experiment));
    if (code === undefined) throw new Error(`${experiment.name} is none of the report's experiments`);
    return code;
  }

  #read(name: string): StoredResult | undefined {
    return readAll().get(name);
  }

  #keep(stored: StoredResult): void {
    const all = readAll().set(stored.name, stored);
    const lines = [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => JSON.stringify(each));
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(FILE, `${lines.join('\n')}\n`);
  }
}

/** What a reader types to measure it again. */
export function commandOf({ args }: Experiment): string {
  return `npm run -s sim -- ${args.join(' ')}`;
}

function commandName({ args: [command = ''] }: Experiment): string {
  return command;
}

function readAll(): Map<string, StoredResult> {
  const lines = existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n') : [];
  const results: StoredResult[] = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  return new Map(results.map((stored) => [stored.name, stored]));
}

/** Runs the simulator in a process of its own, so that each run has the memory to itself; returns what it prints. */
function simulate(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...NODE_ARGS, ...args, '--json'], {
      cwd: TOP,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += String(data);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      // 1: a rule broke, which the result tells.
      if (code === 0 || (code === 1 && output.startsWith('{'))) resolve(output);
      else reject(new Error(`sim ${args.join(' ')} ended with ${code ?? 'a signal'}`));
    });
  });
}
