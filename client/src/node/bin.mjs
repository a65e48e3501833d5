#!/usr/bin/env node
// The command `tabring`: as it was built (npm run build) if there are no sources, as in the package, or none is newer, which
// starts three times as fast; else from its sources, which need tsx.

import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isFresh } from './built.mjs';

const TOP = new URL('../../../', import.meta.url);
const BUILT = new URL('build/main.js', TOP);
const SOURCE = new URL('main.ts', import.meta.url);

// While it loads, which takes a second from its sources, nothing has to be put in order. Then the command listens itself.
for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => {
    if (process.listenerCount(name) === 1) process.exit(1);
  });
}

if (!existsSync(SOURCE) || isFresh(BUILT, new URL('build/inputs.json', TOP), TOP)) {
  await import(BUILT.href);
} else {
  await registerTypeScript();
  await import(SOURCE.href);
}

async function registerTypeScript() {
  try {
    // tsx keeps there what it makes of the sources, and would fail where it cannot.
    accessSync(`${tmpdir()}/.`, constants.W_OK);
  } catch {
    process.env.TSX_DISABLE_CACHE = '1';
  }
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`tabring: what it needs is not installed: run "npm install" in ${fileURLToPath(TOP)}`);
    process.exit(1);
  }
}
