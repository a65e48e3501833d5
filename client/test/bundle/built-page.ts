// The page as it is built for users, in memory, and which of its scripts are loaded when.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { WORKER_FILES } from '../../bundle/service-workers.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
/** Loaded when a large file is saved, and when the tab is in the ring. */
const WORKERS: readonly string[] = Object.values(WORKER_FILES);
/** Draws the page. */
const PAGE = /^assets\/running-page-/;
/** What is drawn at the addresses by which one comes. */
const PLACES = [/^assets\/share-place-/, /^assets\/open-place-/] as const;

export type Chunk = Rolldown.OutputChunk;

export interface BuiltPage {
  /** What a tab needs to join. */
  readonly first: ReadonlySet<Chunk>;
  /** With what it shows then: the larger of the places by which one comes. */
  readonly usable: ReadonlySet<Chunk>;
}

/** To be called with NODE_ENV=production: packages are other ones else. */
export async function buildPage(): Promise<BuiltPage> {
  const options = { write: false, emptyOutDir: false };
  const built = await build({
    root: `${TOP}/client`,
    configFile: `${TOP}/vite.config.ts`,
    logLevel: 'silent',
    build: options,
  });
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  const chunks = new Map(outputs.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each] as const] : [])));
  const find = (name: RegExp): readonly string[] => {
    const found = [...chunks.keys()].filter((fileName) => name.test(fileName));
    if (found.length !== 1) throw new Error(`${found.length} scripts are called ${name}`);
    return found;
  };
  /** With all that these import, and cannot do without. */
  const loadedWith = (names: Iterable<string>): ReadonlySet<Chunk> => {
    const loaded = new Set(names);
    for (const name of loaded) for (const other of chunks.get(name)?.imports ?? []) loaded.add(other);
    return new Set([...loaded].flatMap((name) => chunks.get(name) ?? []));
  };
  const entries = [...chunks.values()].filter(({ isEntry, fileName }) => isEntry && !WORKERS.includes(fileName));
  const names = entries.map(({ fileName }) => fileName);
  const page = find(PAGE);
  const [first, ...usable] = [[], ...PLACES.map(find)].map((place) =>
    loadedWith(place.length === 0 ? names : [...names, ...page, ...place]),
  );
  const [largest] = usable.sort((a, b) => sizeOf(b) - sizeOf(a));
  if (first === undefined || first.size === 0 || largest === undefined) throw new Error('the page has no script');
  return { first, usable: largest };
}

/** Bytes of gzip, as servers send it. */
export function sizeOf(chunks: Iterable<Pick<Chunk, 'code'>>): number {
  return [...chunks].reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}
