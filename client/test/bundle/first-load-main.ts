// What each part of the first load weighs: npm run bench:first-load prints it as a table. A part is a package, or a folder of the
// source; its share of a script's gzip is its share of what the script is made of, before names are shortened.

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage, type Chunk, sizeOf } from './built-page.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));

process.env.NODE_ENV = 'production';
const { first, usable } = await buildPage();
const toJoin = weights(first);
const toShow = weights([...usable].filter((chunk) => !first.has(chunk)));
const parts = [...new Set([...toJoin.keys(), ...toShow.keys()])];
const all = (part: string): number => (toJoin.get(part) ?? 0) + (toShow.get(part) ?? 0);
console.log('| part | to join | shown then |\n| --- | ---: | ---: |');
for (const part of parts.sort((a, b) => all(b) - all(a)))
  console.log(`| ${part} | ${inKb(toJoin.get(part))} | ${inKb(toShow.get(part))} |`);
console.log(`| all | ${inKb(sizeOf(first))} | ${inKb(sizeOf(usable) - sizeOf(first))} |`);

/** Bytes of gzip by part. */
function weights(chunks: Iterable<Chunk>): ReadonlyMap<string, number> {
  const bytesByPart = new Map<string, number>();
  for (const chunk of chunks) {
    const modules = Object.entries(chunk.modules);
    const whole = modules.reduce((sum, [, { renderedLength }]) => sum + renderedLength, 0);
    for (const [path, { renderedLength }] of modules) {
      const part = partOf(path);
      const bytes = (sizeOf([chunk]) * renderedLength) / whole;
      bytesByPart.set(part, (bytesByPart.get(part) ?? 0) + bytes);
    }
  }
  return bytesByPart;
}

/** Of the core and the page their folders too. */
function partOf(path: string): string {
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (inPackage !== undefined) return `\`${inPackage}\``;
  const [, inSource] = /^client\/src\/((?:core|web)\/(?:[^/]+(?=\/))?|[^/]+)/.exec(relative(TOP, path)) ?? [];
  return inSource === undefined ? 'the rest' : `\`${inSource}\``;
}

function inKb(bytes = 0): string {
  return bytes < 50 ? '' : (bytes / 1_000).toFixed(1);
}
