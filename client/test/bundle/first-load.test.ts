// What a newcomer's browser loads before the page does anything.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test, vi } from 'vitest';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
/** Of JavaScript, gzip as servers send it: until the tab can join, and with what comes meanwhile to be shown then. */
const MAX_BYTES = 120_000;
const MAX_USABLE_BYTES = 135_000;
/** Its name has no other part. */
const PANELS = /^assets\/running-page-/;
/** Loaded when a large file is saved. */
const WORKER = 'download-worker.js';

test('what a tab needs to join is at most 120 KB of gzip JavaScript, and with what it shows then 135', async () => {
  // Packages are other ones while they are tested.
  vi.stubEnv('NODE_ENV', 'production');
  const options = { write: false, emptyOutDir: false };
  const built = await build({
    root: `${TOP}/client`,
    configFile: `${TOP}/vite.config.ts`,
    logLevel: 'silent',
    build: options,
  });
  const chunks = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  const chunkByName = new Map(
    chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk] as const] : [])),
  );
  // The page's entry and what it cannot begin without; what later parts share is loaded with the first of these.
  const names = new Set(
    [...chunkByName.values()].flatMap(({ isEntry, fileName }) => (isEntry && fileName !== WORKER ? fileName : [])),
  );
  for (const name of names) for (const needed of chunkByName.get(name)?.imports ?? []) names.add(needed);
  const first = chunks.filter(({ fileName }) => names.has(fileName));
  const sizeOf = (some: typeof chunks): number =>
    some.reduce((sum, chunk) => sum + ('code' in chunk ? gzipSync(chunk.code).length : 0), 0);
  const panels = chunks.filter(({ fileName }) => PANELS.test(fileName) && fileName.endsWith('.js'));
  vi.unstubAllEnvs();
  expect([first.length > 0, panels.length]).toEqual([true, 1]);
  console.log(`first load: ${sizeOf(first)} bytes to join, ${sizeOf([...first, ...panels])} with what is shown then`);
  expect(sizeOf(first)).toBeLessThanOrEqual(MAX_BYTES);
  expect(sizeOf([...first, ...panels])).toBeLessThanOrEqual(MAX_USABLE_BYTES);
});
