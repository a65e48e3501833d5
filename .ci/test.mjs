// All checks and tests, one after the other; goes on after a failure, so that one run shows all of them.
// Ends in the line "N passed, N failed": each check counts as one, each test as one. Exit code 0 only if none failed.

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { playwrightCounts, vitestCounts } from './counts.mjs';

const TOP = fileURLToPath(new URL('..', import.meta.url));
const VITEST_REPORT = 'test-results/vitest.json';
const PLAYWRIGHT_REPORT = 'test-results/playwright.json';

/** A step that takes longer hangs, minutes. The browser tests take the most, ten of them on a slow machine. */
const CHECK_TIMEOUT_MIN = 10;
const TESTS_TIMEOUT_MIN = 45;
/** A step that does not end this long after it was asked to is ended, milliseconds. */
const KILL_AFTER_MS = 15_000;
/** How often to look whether npm is still there, milliseconds. */
const PARENT_CHECK_MS = 1_000;

const steps = [
  { name: 'types', tool: 'typescript/bin/tsc', args: ['-b'] },
  { name: 'lint', tool: '@biomejs/biome/bin/biome', args: ['ci'] },
  { name: 'unused code', tool: 'knip/bin/knip.js', args: [] },
  // First: the command line that the tests call starts three times as fast once it is built.
  { name: 'build', tool: 'vite/bin/vite.js', args: ['build', '--logLevel', 'warn'] },
  {
    name: 'build command',
    tool: 'vite/bin/vite.js',
    args: ['build', '-c', 'client/bundle/command-line.config.ts', '--logLevel', 'warn'],
  },
  {
    name: 'unit tests',
    tool: 'vitest/vitest.mjs',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`],
    counts: () => vitestCounts(`${TOP}/${VITEST_REPORT}`),
  },
  {
    name: 'browser tests',
    tool: 'playwright/cli.js',
    args: ['test', '-c', 'e2e/playwright.config.ts'],
    counts: () => playwrightCounts(`${TOP}/${PLAYWRIGHT_REPORT}`),
    needs: 'build',
  },
];

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(signal));
// npm hands a signal on to its shell, which dies of it without handing it on.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stopAll('SIGTERM'), PARENT_CHECK_MS).unref();

for (const report of [VITEST_REPORT, PLAYWRIGHT_REPORT]) rmSync(`${TOP}/${report}`, { force: true });
mkdirSync(`${TOP}/test-results`, { recursive: true });
// Found once here, so that no step has to look again.
process.env.TABRING_CHROMIUM = ensureBrowser();

const results = [];
for (const step of steps) results.push(await runStep(step));
report(results);

async function runStep(step) {
  console.log(`\n== ${step.name}`);
  const startedAt = performance.now();
  if (results.some(({ name, failed }) => name === step.needs && failed > 0)) {
    console.log(`not run: "${step.needs}" failed`);
    return { name: step.name, passed: 0, failed: 1, skipped: 0, seconds: 0 };
  }
  const isFine = await run(step);
  const seconds = (performance.now() - startedAt) / 1000;
  if (step.counts === undefined) {
    return { name: step.name, passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0, seconds };
  }
  const counts = step.counts();
  if (counts === undefined) console.log(`${step.name}: ended without a report`);
  const { passed, failed, skipped, failures } = counts ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (passed + failed === 0) console.log(`${step.name}: no tests ran`);
  // A runner that fails although no test did, or that ran none, has failed itself.
  const failedItself = failed === 0 && (!isFine || passed === 0) ? 1 : 0;
  return { name: step.name, passed, failed: failed + failedItself, skipped, failures, seconds };
}

/** Runs one tool of node_modules; resolves to whether it ended well. */
function run({ name, tool, args, counts }) {
  return new Promise((resolve) => {
    const minutes = counts === undefined ? CHECK_TIMEOUT_MIN : TESTS_TIMEOUT_MIN;
    const child = spawn(process.execPath, [`${TOP}/node_modules/${tool}`, ...args], {
      cwd: TOP,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    running = child;
    const timer = setTimeout(() => {
      console.log(`${name}: stopped after ${minutes} minutes`);
      stop(child);
    }, minutes * 60_000);
    child.on('error', (error) => console.error(`${name}: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(timer);
      running = undefined;
      resolve(code === 0);
    });
  });
}

/** Playwright closes its browsers on SIGINT. */
function stop(child) {
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
}

function stopAll(signal) {
  process.exitCode = signal === 'SIGINT' ? 130 : 143;
  if (running === undefined) process.exit();
  running.on('close', () => process.exit());
  stop(running);
}

function report(results) {
  // Again, where whoever reads the end of a long output finds them.
  const failures = results.flatMap((result) => result.failures ?? []);
  if (failures.length > 0) console.log(['\n== what failed', ...failures].join('\n\n'));
  console.log('\n== summary');
  for (const { name, passed, failed, skipped, seconds } of results) {
    const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
    console.log(`${name.padEnd(14)} ${passed} passed, ${failed} failed${skips} (${seconds.toFixed(1)} s)`);
  }
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  process.exitCode = total('failed') > 0 ? 1 : 0;
  console.log(`${total('passed')} passed, ${total('failed')} failed`);
}
