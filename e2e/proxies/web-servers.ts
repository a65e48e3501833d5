// nginx and Caddy for the tests: the machine's own, else the programs out of Debian's packages, unpacked in a folder instead of
// installed, so that no service is started and nothing of the machine changes.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findWebServer, isProgram, type WebServerName } from '../../client/test/support/web-server.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/web-servers', import.meta.url));
/** Where the packages have the programs. */
const PATH_IN_PACKAGE: Readonly<Record<WebServerName, string>> = { nginx: 'usr/sbin/nginx', caddy: 'usr/bin/caddy' };
/** 10 MB over a slow line, milliseconds. */
const DOWNLOAD_MS = 180_000;
const VERSION_MS = 30_000;

export type Found =
  | { readonly program: string; readonly why?: undefined }
  | { readonly program?: undefined; readonly why: string };

/** The program's path, or why there is none. */
export function getWebServer(name: WebServerName): Found {
  mkdirSync(CACHE, { recursive: true });
  const program = findWebServer(name) ?? unpacked(name);
  if (program === undefined) return { why: `no ${name} here, and no Debian package of it to be had: install ${name}` };
  try {
    // Unpacked alone, it may lack a library.
    run(program, [name === 'nginx' ? '-v' : 'version'], CACHE, VERSION_MS);
    return { program };
  } catch (error) {
    return { why: `${program} does not run: ${error instanceof Error ? error.message : error}` };
  }
}

/** Out of Debian's package, which apt checks; undefined where that is not to be had. */
function unpacked(name: WebServerName): string | undefined {
  const folder = join(CACHE, name);
  const program = join(folder, PATH_IN_PACKAGE[name]);
  if (isProgram(program)) return program;
  const temporary = mkdtempSync(join(CACHE, `${name}-`));
  try {
    run('apt-get', ['download', '-qq', name], temporary, DOWNLOAD_MS);
    const [file] = readdirSync(temporary).filter((each) => each.endsWith('.deb'));
    run('dpkg-deb', ['-x', file ?? '', 'unpacked'], temporary, DOWNLOAD_MS);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(temporary, 'unpacked'), folder);
    return isProgram(program) ? program : undefined;
  } catch (error) {
    console.log(`No ${name} from Debian's packages: ${error instanceof Error ? error.message : error}`);
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], cwd: string, timeout: number): void {
  execFileSync(program, args, { cwd, timeout, stdio: 'pipe' });
}
