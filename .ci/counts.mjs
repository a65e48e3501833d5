// Reads how many tests passed and failed from the JSON reports of Vitest and Playwright.

import { readFileSync } from 'node:fs';

/** Vitest: a test file that cannot even be loaded counts as one failure. */
export function vitestCounts(path) {
  const report = readReport(path);
  if (report === undefined) return undefined;
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Playwright: errors outside of tests (a file that cannot be loaded) count too. */
export function playwrightCounts(path) {
  const report = readReport(path);
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/** Undefined if the runner died before it wrote its report. */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
