// Finds a Chromium for the tests, and gets one if the machine has none: Playwright's download, else Debian's package.
// Run by npm test; e2e/playwright.config.ts asks it for the path.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const VARIABLE = 'TABRING_CHROMIUM';
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
const WINDOWS_PATH = 'Google\\Chrome\\Application\\chrome.exe';

/** A browser that does not tell its version in this time does not run at all, milliseconds. */
const VERSION_TIMEOUT_MS = 30_000;
/** A download of 180 MB over a slow line; after that the next way is tried, milliseconds. */
const INSTALL_TIMEOUT_MS = 8 * 60_000;
/** An unreachable download server is given up after a few tries of this, milliseconds. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * The path of a browser that runs, or undefined. Throws if TABRING_CHROMIUM names something else.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const chosen = process.env[VARIABLE];
  if (chosen) {
    if (!runs(chosen)) throw new Error(`${VARIABLE} is "${chosen}", which is no browser that runs.`);
    return chosen;
  }
  return candidates().find(runs);
}

/**
 * As findBrowser, but gets a browser if there is none. Throws an error that says what to do if that fails too.
 * @returns {string}
 */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined) return found;
  console.log('No Chromium or Chrome found: downloading one for the tests ...');
  run(process.execPath, [playwrightCli(), 'install', 'chromium'], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECT_TIMEOUT_MS),
  });
  const downloaded = findBrowser();
  if (downloaded !== undefined) return downloaded;
  if (isDebian() && process.getuid?.() === 0) {
    console.log('That did not give a browser that runs: installing the package "chromium" ...');
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    // A stale list may still name a package that can be had, so a failed update is not the end.
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    const packaged = findBrowser();
    if (packaged !== undefined) return packaged;
  }
  throw new Error(
    `The tests need Chromium or Chrome, and none could be downloaded. Install one (Debian: "apt-get install chromium"), or set ${VARIABLE} to the path of one.`,
  );
}

function candidates() {
  const paths = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const inPath = COMMANDS.flatMap((command) => paths.map((folder) => join(folder, command)));
  const inWindows = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, WINDOWS_PATH));
  const installed = process.platform === 'win32' ? inWindows : process.platform === 'darwin' ? MAC_APPS : [];
  return [...inPath, ...installed, ...downloads()].filter(isExecutable);
}

/** Where Playwright keeps the browser it downloads. */
function downloads() {
  // Also called before the dependencies are there, by people who look for a browser only.
  if (!existsSync(fileURLToPath(new URL('../node_modules/playwright', import.meta.url)))) return [];
  return [createRequire(import.meta.url)('playwright').chromium.executablePath()];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Whether it is a browser and starts: Ubuntu's "chromium-browser" may be a hint to install something else. */
function runs(path) {
  // On Windows asking Chrome for its version opens a window.
  if (process.platform === 'win32') return existsSync(path);
  const asked = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return asked.status === 0 && /Chrom/.test(asked.stdout);
}

function playwrightCli() {
  return fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url));
}

function run(command, args, environment) {
  const result = spawnSync(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (result.error !== undefined) console.error(`${command}: ${result.error.message}`);
  else if (result.status !== 0)
    console.error(`${command} ended with ${result.signal ?? `exit code ${result.status}`}.`);
}

function isDebian() {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Browser for the tests: ${ensureBrowser()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
