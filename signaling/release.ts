// Which Tabring this is: for nodes that run from a checkout the release, for tabs the page that is served now.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('..', import.meta.url));
/** Digits of a commit: enough to tell two of them apart. */
const COMMIT_DIGITS = 10;

/** The version, and in a checkout the commit, such as 0.1.0+0123abcdef. */
export function ownRelease(top = TOP): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
  const commit = commitOf(join(top, '.git'));
  return commit === undefined ? String(version) : `${version}+${commit}`;
}

/** The script of the built page, whose name has a digest of all of it; undefined: there is no page, or it has none such. */
export function servedPage(staticDir: string | undefined): string | undefined {
  const path = join(staticDir ?? '', 'index.html');
  if (staticDir === undefined || !existsSync(path)) return undefined;
  return /<script type="module"[^>]* src="\.\/assets\/([\w.-]{1,100})"/.exec(readFileSync(path, 'utf8'))?.[1];
}

/** Undefined if it is no checkout, or one of another kind. */
function commitOf(git: string): string | undefined {
  if (!existsSync(join(git, 'HEAD'))) return undefined;
  const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  if (ref !== undefined && !existsSync(join(git, ref))) return undefined;
  const commit = ref === undefined ? head : readFileSync(join(git, ref), 'utf8').trim();
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, COMMIT_DIGITS) : undefined;
}
