// Behind real web servers, for which packages are fetched: npm run test:proxies.

import { defineConfig } from 'playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '.',
  testIgnore: [],
  workers: 1,
  reporter: [['list', { printSteps: true }]],
});
