// The browser tests that take minutes because they wait for something that takes minutes: npm run test:long.

import { defineConfig } from 'playwright/test';
import base from './playwright.config.ts';

export default defineConfig(base, { testMatch: '**/*.long.ts', workers: 1 });
