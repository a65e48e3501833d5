// Builds the page (client/ to dist/), serves it while developing, and says which tests Vitest runs.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const top = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: 'client',
  build: { outDir: '../dist', emptyOutDir: true },
  server: {
    // The Discovery node runs beside the development server: npm start in another terminal.
    proxy: { '/socket.io': { target: 'http://localhost:8080', ws: true } },
    // The page imports signaling/protocol.ts and node_modules, which are outside of client/.
    fs: { allow: [top] },
  },
  test: {
    root: top,
    include: ['client/test/**/*.test.ts', 'signaling/test/**/*.test.ts'],
    environment: 'node',
    // No test measures time: a crowded machine may take its while.
    testTimeout: 60_000,
  },
});
