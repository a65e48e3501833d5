// How the browser tests run: one system Chromium, two spec files at a time, no retries. Each test starts its own Discovery node.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'playwright/test';
import { chromiumLaunch } from './support/chromium.ts';

/** A ring of several tabs forms, loses some and repairs itself, on a slow machine, milliseconds. */
const TEST_TIMEOUT_MS = 180_000;

const results = fileURLToPath(new URL('../test-results', import.meta.url));

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // Minutes long: npm run test:nat. Want packages of their own: npm run test:proxies.
  testIgnore: ['nat/**', 'proxies/**'],
  timeout: TEST_TIMEOUT_MS,
  // No test measures time: a crowded machine may take its while.
  expect: { timeout: 30_000 },
  // Rings mostly wait: for a death to be noticed, for a repair. What a test says of time is checked one test at a time:
  // npm run test:timed.
  workers: 2,
  // A test that passes only at the second try has found a fault.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Texts whose changes are looked at; written anew with --update-snapshots.
  snapshotPathTemplate: '{testDir}/golden/{arg}{ext}',
  outputDir: `${results}/e2e`,
  reporter: [['list'], ['json', { outputFile: `${results}/playwright.json` }]],
  use: { launchOptions: chromiumLaunch() },
});
