// A throw-away copy of the sources in which a bug is planted: the checkout itself is never touched.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants-catalogue.ts';

/** The top of the checkout. */
const TOP = fileURLToPath(new URL('../../..', import.meta.url));
/** All that tsconfig.json refers to: Vitest reads it. */
const COPIED = ['client', 'e2e', 'signaling', 'package.json', 'tsconfig.json', 'vite.config.ts'];

const copies = new Set<string>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const top of copies) removeCopy(top);
    process.exit(1);
  });
}

/** Copies the sources; returns the copy's top. To be removed with removeCopy. */
export function createCopy(): string {
  const top = mkdtempSync(join(tmpdir(), 'tabring-mutant-'));
  copies.add(top);
  for (const name of COPIED) cpSync(join(TOP, name), join(top, name), { recursive: true });
  symlinkSync(join(TOP, 'node_modules'), join(top, 'node_modules'), 'dir');
  return top;
}

export function removeCopy(top: string): void {
  copies.delete(top);
  rmSync(top, { recursive: true, force: true });
}

/** Throws if the text to replace does not stand in the file exactly once: the code has moved on, and the bug must follow. */
export function plant(top: string, { name, folder = 'core', file, find, replace }: Mutant): void {
  const path = join(top, 'client/src', folder, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`"${name}" has drifted: ${file} holds "${find}" ${parts.length - 1} times, not once`);
  }
  writeFileSync(path, parts.join(replace));
}
