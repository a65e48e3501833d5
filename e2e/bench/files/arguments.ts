// What `npm run bench:files` may be told.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const BUILT_PAGE = fileURLToPath(new URL('../../../dist', import.meta.url));

/** A page of Tabring's, built: one is measured, or some beside each other. */
export interface Build {
  readonly name: string;
  readonly folder: string;
}

export interface BenchOptions {
  readonly rounds: number;
  readonly megabytes: number;
  /** Tabs in the ring before the one that retrieves. */
  readonly tabs: number;
  readonly builds: readonly Build[];
  /** Whether WebTorrent takes part. */
  readonly withWebTorrent: boolean;
  /** Where CPU profiles of our tabs go. */
  readonly profiles: string | undefined;
  /** Where the readable table goes. */
  readonly table: string | undefined;
}

export const USAGE = `npm run bench:files -- [--rounds 7] [--mb 100] [--tabs 4] [--without-webtorrent]
  [--build before=folder --build after=folder] [--profiles folder] [--table docs/performance.md]

--build measures other builds of the page (dist/, copied) beside each other, each under its name; default: ours=dist.
--profiles writes a CPU profile of each of our tabs, which slows them: not for figures.
Without --table the table is only printed. The JSON is always written to build/bench-files.json.`;

/** Throws an Error with a message for people. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '7' },
      mb: { type: 'string', default: '100' },
      tabs: { type: 'string', default: '4' },
      build: { type: 'string', multiple: true, default: [`ours=${BUILT_PAGE}`] },
      'without-webtorrent': { type: 'boolean', default: false },
      profiles: { type: 'string' },
      table: { type: 'string' },
    },
  });
  return {
    rounds: atLeast(1, 'rounds', values.rounds),
    megabytes: atLeast(1, 'mb', values.mb),
    tabs: atLeast(3, 'tabs', values.tabs),
    builds: values.build.map(buildOf),
    withWebTorrent: !values['without-webtorrent'],
    profiles: values.profiles,
    table: values.table,
  };
}

function buildOf(text: string): Build {
  const [, name, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || folder === undefined) throw new Error(`--build wants name=folder, not "${text}"`);
  return { name, folder: resolve(folder) };
}

function atLeast(least: number, name: string, text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new Error(`--${name} wants a whole number, ${least} at least, not "${text}"`);
  return Number(text);
}
