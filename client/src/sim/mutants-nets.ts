// The checks that mutants are run against, each a process of its own in the mutant's copy of the sources.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Net } from './mutants-catalogue.ts';

/** A net that takes longer has not caught anything, milliseconds. */
const NET_LIMIT_MS = 300_000;
const REPORT = 'net.json';
/** The last of a process's output that is shown if it fails in a way of its own. */
const SHOWN_CHARACTERS = 120;

const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--reporter=json', `--outputFile=${REPORT}`];

const ARGS: Readonly<Record<Net, readonly string[]>> = {
  chaos: ['--import', 'tsx', 'client/src/sim/mutants-chaos.ts'],
  rings: [...VITEST, 'client/test/core/ring.test.ts'],
  units: [...VITEST, 'client/test/core', '--exclude', 'client/test/core/ring.test.ts'],
  past: [...VITEST, 'client/test/past', '--exclude', '**/churn.test.ts'],
  leases: [...VITEST, 'client/test/sim/leases.test.ts'],
  gates: [...VITEST, 'client/test/gate'],
  links: [
    ...VITEST,
    '--testTimeout=20000',
    'client/test/links/webrtc-links.test.ts',
    'client/test/links/link-proofs.test.ts',
  ],
  trust: [...VITEST, 'client/test/trust'],
  tidy: [...VITEST, 'client/test/tidy.test.ts'],
};

/** What the net caught, in words; undefined if nothing. Throws if it does not end in time. */
export async function cast(net: Net, top: string): Promise<string | undefined> {
  const { code, output } = await run(ARGS[net], top);
  if (code === 0) return undefined;
  if (net === 'chaos') return output.trim().slice(-SHOWN_CHARACTERS) || `exit code ${code}`;
  return failedTest(join(top, REPORT));
}

function run(args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (data: Buffer): void => {
      output += String(data);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${args.at(-1)} did not end in ${NET_LIMIT_MS / 1000} s`));
    }, NET_LIMIT_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The title of the first test that failed, from Vitest's report. */
function failedTest(path: string): string {
  const text = readFileSync(path, 'utf8');
  const report: { testResults: { assertionResults: { status: string; title: string }[] }[] } = JSON.parse(text);
  for (const { assertionResults } of report.testResults) {
    for (const { status, title } of assertionResults) if (status === 'failed') return title;
  }
  return 'a test file that does not load';
}
