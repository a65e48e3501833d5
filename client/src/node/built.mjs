// Whether what was built of the sources is still theirs.

import { readFileSync, statSync } from 'node:fs';

/**
 * Whether `main` is there and made of the sources as they are: none of those that `inputs` lists (a JSON list of paths below
 * `top`, written with `main`) is missing or has changed since. All three are file URLs, that of a folder with a slash at its end.
 */
export function isFresh(main, inputs, top) {
  const builtAt = changedAt(inputs);
  if (builtAt === undefined || changedAt(main) === undefined) return false;
  const sources = JSON.parse(readFileSync(inputs, 'utf8'));
  return sources.every((path) => (changedAt(new URL(path, top)) ?? Number.POSITIVE_INFINITY) <= builtAt);
}

/** Milliseconds since 1970; undefined: there is no such file. */
function changedAt(url) {
  return statSync(url, { throwIfNoEntry: false })?.mtimeMs;
}
