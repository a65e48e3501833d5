// Builds the page (client/ to dist/), serves it while developing, and says which tests Vitest runs.

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { earlyColours } from './client/bundle/early-colours.ts';
import { leanCode } from './client/bundle/lean-code.ts';
import { leanEngineIo } from './client/bundle/lean-engine-io.ts';
import { leanPreload } from './client/bundle/lean-preload.ts';
import { leanSimplePeer } from './client/bundle/lean-simple-peer.ts';
import { leanSocketIo } from './client/bundle/lean-socket-io.ts';
import { precompress } from './client/bundle/precompress.ts';
import { serviceWorkers } from './client/bundle/service-workers.ts';
import { webApp } from './client/bundle/web-app.ts';

const top = fileURLToPath(new URL('.', import.meta.url));

/** Preloaded is what the page's script imports; parts that come later say what they need when they come. */
const resolveDependencies = (_file: string, needed: string[], { hostType }: { hostType: 'html' | 'js' }): string[] =>
  hostType === 'html' ? needed : [];

/** One file instead of many small ones of what parts share that are loaded one after the other. */
const SHARED = [
  // The page's script with parts that come later.
  {
    name: 'common',
    test: /node_modules.valibot|peer.(parse-)?file-link\.ts|src.text.clean-text\.ts|trust.(base64url|statement|certificate)\.ts|peer.errors\.ts|core.assert\.ts|pastry.id\.ts|vault.file-key\.ts|prompt.format-bytes\.ts/,
  },
  // Places of the page with each other.
  {
    name: 'drawing',
    test: /node_modules.(@?preact)|view.(progress|file-mark|kept-focus|filled)\.tsx?|model.(page-files|until-active)\.ts|web.text.(page-error|short-id|saved-text|transfer-text|words.(spoken|amounts|en.(frame|transfer|open)))\.ts/,
  },
  // What stands round the places, and is not needed at first.
  {
    name: 'around',
    test: /view.(around|given-view|shared-view|settings|news-view|closing-pill|discovery-pill|disk-notice)\.tsx?|share.deleted-view\.tsx|web.text.(news-text|error-text|identity-text|closing-text|discovery-text|words.en.(trouble|settings))\.ts/,
  },
  // What can be copied, wherever that comes.
  { name: 'copying', test: /view.(copy-button|clipboard)\.tsx?|words.dates\.ts/ },
];

export default defineConfig({
  root: 'client',
  // Below whatever path the page is served.
  base: './',
  plugins: [
    leanCode(),
    leanEngineIo(),
    leanPreload(),
    leanSimplePeer(),
    leanSocketIo(),
    earlyColours(),
    webApp(),
    serviceWorkers(),
    precompress(),
  ],
  build: {
    ...{ outDir: '../dist', emptyOutDir: true, modulePreload: { polyfill: false, resolveDependencies } },
    // That compressing as hard as it goes takes seconds is known.
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: SHARED } },
    },
  },
  worker: { format: 'es' },
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
    setupFiles: ['client/test/support/property-seed.ts'],
    // No test measures time: a crowded machine may take its while.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // More than there are cores: many tests wait, for a death to be noticed or a lookup to be given up.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // Files share what they import, which saves a third of the time: no test changes a module's state or what is global.
    isolate: false,
  },
});
