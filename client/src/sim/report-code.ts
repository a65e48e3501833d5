// Tells whether the code behind a result has changed: a digest of all that a command of the simulator runs, in the form
// that bundling and minifying leave, so that comments, names and the rest of the house do not count.

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const DIGEST_CHARACTERS = 12;

/** Of `npm run sim -- <command>`. Rejects if there is no such command. */
export function digestOfCommand(command: string): Promise<string> {
  return digestOfCode(fileURLToPath(new URL(`command-${command}.ts`, import.meta.url)));
}

/** Of the module at the path `entry` and of what it imports, directly or not. Rejects if it cannot be built. */
export async function digestOfCode(entry: string): Promise<string> {
  const bundle = await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: entry, write: false, minify: true },
  });
  if (!Array.isArray(bundle) && !('output' in bundle)) throw new Error(`${entry} is watched instead of built`);
  const hash = createHash('sha256');
  for (const { output } of Array.isArray(bundle) ? bundle : [bundle]) {
    for (const file of output) if (file.type === 'chunk') hash.update(file.code);
  }
  return hash.digest('hex').slice(0, DIGEST_CHARACTERS);
}
