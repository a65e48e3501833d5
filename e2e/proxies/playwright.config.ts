// Behind real web servers, for which packages are fetched: npm run test:proxies.

import { defineConfig } from 'playwright/test';
import base from '../playwright.config.ts';
import { chromiumLaunch } from '../support/chromium.ts';

const launch = chromiumLaunch();

export default defineConfig({
  ...base,
  testDir: '.',
  testIgnore: [],
  workers: 1,
  // The page's worker too is fetched with a certificate that nobody but the test vouches for.
  use: { launchOptions: { ...launch, args: [...launch.args, '--ignore-certificate-errors'] } },
  reporter: [['list', { printSteps: true }]],
});
