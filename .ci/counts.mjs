// Reads how many tests passed, and which failed, from the JSON reports of Vitest and Playwright.

import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** As many lines of a failed test's message are said again: what was expected, and where. */
const FAILURE_LINES = 25;

/** Vitest: a test file that cannot even be loaded counts as one failure. */
export function vitestCounts(path) {
  const report = readReport(path);
  if (report === undefined) return undefined;
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...broken.map((file) => failure(file.name, file.message)),
      ...report.testResults.flatMap((file) =>
        file.assertionResults
          .filter(({ status }) => status === 'failed')
          .map((test) => failure(`${file.name} > ${test.fullName}`, test.failureMessages.join('\n'))),
      ),
    ],
  };
}

/** Playwright: errors outside of tests (a file that cannot be loaded) count too. */
export function playwrightCounts(path) {
  const report = readReport(path);
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return {
    passed: expected,
    failed: unexpected + flaky + report.errors.length,
    skipped,
    failures: [
      ...report.errors.map(({ message }) => failure('outside of tests', message)),
      ...report.suites.flatMap((suite) => failedSpecs(suite, suite.file)),
    ],
  };
}

function failedSpecs(suite, path) {
  const here = suite.specs
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      return failure(`${path} > ${title}`, errors.map(({ message }) => message).join('\n'));
    });
  return [...here, ...(suite.suites ?? []).flatMap((inner) => failedSpecs(inner, `${path} > ${inner.title}`))];
}

/** What is said of a failed test once more at the end of a run. */
function failure(title, message = '') {
  return `${title}\n${stripVTControlCharacters(message).split('\n').slice(0, FAILURE_LINES).join('\n')}`;
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
