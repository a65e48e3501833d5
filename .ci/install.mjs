// Installs the dependencies if they are not there or not those of package-lock.json. No dependencies of its own.
// Runs before npm start and npm test.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('..', import.meta.url));
/** Vite and Vitest need it. */
const NODE_NEEDED = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])) {
  fail(
    `Tabring needs Node.js ${NODE_NEEDED.join('.')} or newer; this is ${process.versions.node}. Get it from https://nodejs.org`,
  );
}
const reason = whyInstall();
if (reason !== undefined) {
  console.log(`Installing dependencies (${reason}) ...`);
  install();
}

/** Why an installation is due; undefined if all packages are there in the right version. */
function whyInstall() {
  const wanted = packages('package-lock.json');
  const installed = packages('node_modules/.package-lock.json');
  if (wanted === undefined) fail('package-lock.json is missing or broken. Restore it: git checkout package-lock.json');
  if (installed === undefined) return 'there are none yet';
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    // The entry without a path is Tabring itself; an optional package may be one for other systems.
    if (path === '' || (optional && installed[path] === undefined)) continue;
    if (installed[path]?.version !== version) return 'package-lock.json has changed';
  }
  return undefined;
}

function packages(path) {
  let text;
  try {
    text = readFileSync(`${TOP}/${path}`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text).packages;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function install() {
  // Not "npm ci": it removes what is there and refuses a lock file that lacks other systems' optional packages, as npm
  // writes where a registry does not have them. The versions and digests of the lock file hold all the same.
  // Everything is needed even where NODE_ENV says production: the page is built and tested with it.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: TOP, stdio: ['ignore', 'inherit', 'inherit'] };
  const run = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (run.status === 0) return;
  const how = run.error?.message ?? (run.signal === null ? `exit code ${run.status}` : run.signal);
  fail(`npm install failed (${how}). Is the package registry reachable? npm's messages are above.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
