// What a newcomer's browser loads before the page does anything.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test, vi } from 'vitest';
import { WORKER_FILES } from '../../bundle/service-workers.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
/** Of JavaScript, gzip as servers send it: until the tab can join, and with what comes meanwhile to be shown then. */
const MAX_BYTES = 120_000;
const MAX_USABLE_BYTES = 135_000;
/** Loaded when a large file is saved, and when the tab is in the ring. */
const WORKERS: readonly string[] = Object.values(WORKER_FILES);
/** Draws the page. */
const PAGE = /^assets\/running-page-/;
/** What is drawn at the addresses by which one comes. */
const PLACES = [/^assets\/share-place-/, /^assets\/open-place-/] as const;

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
  vi.unstubAllEnvs();
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  const chunks = new Map(outputs.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each] as const] : [])));
  const find = (name: RegExp): readonly string[] => [...chunks.keys()].filter((fileName) => name.test(fileName));
  /** With all that these import, and cannot do without. */
  const loadedWith = (names: Iterable<string>): ReadonlySet<string> => {
    const loaded = new Set(names);
    for (const name of loaded) for (const other of chunks.get(name)?.imports ?? []) loaded.add(other);
    return loaded;
  };
  const sizeOf = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? '').length, 0);
  const entries = [...chunks.values()].filter(({ isEntry, fileName }) => isEntry && !WORKERS.includes(fileName));
  const first = loadedWith(entries.map(({ fileName }) => fileName));
  const page = find(PAGE);
  const places = PLACES.map(find);
  expect([first.size > 0, page.length, ...places.map(({ length }) => length)]).toEqual([true, 1, 1, 1]);
  const usable = Math.max(...places.map((place) => sizeOf(loadedWith([...first, ...page, ...place]))));
  console.log(`first load: ${sizeOf(first)} bytes to join, ${usable} with what is shown then`);
  expect(sizeOf(first)).toBeLessThanOrEqual(MAX_BYTES);
  expect(usable).toBeLessThanOrEqual(MAX_USABLE_BYTES);
});
