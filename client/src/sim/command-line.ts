// The simulator's command line without its process: which command, what goes to which stream, which exit code.
// Wrong usage: one line on stderr and exit code 2. A broken rule: exit code 1.

import { UsageError } from './arguments.ts';
import { acknowledged } from './command-acknowledged.ts';
import { chaos } from './command-chaos.ts';
import { churn } from './command-churn.ts';
import { failures } from './command-failures.ts';
import { hops } from './command-hops.ts';
import { hostile } from './command-hostile.ts';
import { objects } from './command-objects.ts';
import { past } from './command-past.ts';
import { ring } from './command-ring.ts';
import { sessions } from './command-sessions.ts';
import { type Progress, type Report, renderReport } from './report.ts';

type Command = (args: readonly string[], progress: Progress) => Report;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['hops', hops],
  ['failures', failures],
  ['churn', churn],
  ['ring', ring],
  ['chaos', chaos],
  ['hostile', hostile],
  ['past', past],
  ['objects', objects],
  ['sessions', sessions],
  ['acknowledged', acknowledged],
]);

export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Returns the exit code. */
export function runCommandLine(args: readonly string[], streams: Streams): number {
  const [name, ...rest] = args;
  try {
    const command = name === undefined ? undefined : COMMANDS.get(name);
    if (command === undefined) {
      const what = name === undefined ? 'no command' : `no command "${name}"`;
      throw new UsageError(`${what}: one of ${[...COMMANDS.keys()].join(', ')}`);
    }
    const report = command(rest, (text) => streams.error(`${text}\n`));
    streams.out(renderReport(report, rest.includes('--json')));
    return report.isGood ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.error(`sim: ${error.message}\n`);
    return 2;
  }
}
