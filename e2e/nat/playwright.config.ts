// The tests across networks that npm test is too short for: npm run test:nat. Needs Linux and root; they say so.

import { defineConfig } from 'playwright/test';
import base from '../playwright.config.ts';

/** A ring across networks forms in half a minute, one without TURN in a whole one; several times that on a busy machine. */
const TEST_TIMEOUT_MS = 600_000;

export default defineConfig({
  ...base,
  testDir: '.',
  testIgnore: [],
  workers: 1,
  timeout: TEST_TIMEOUT_MS,
  reporter: [['list', { printSteps: true }]],
});
