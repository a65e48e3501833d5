// Finds the browsers for the tests, and gets what the machine lacks: Chromium by Playwright's download, else as Debian's
// package; Firefox as Debian's package only, since the tests drive the ordinary one. Run by npm test.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHROMIUM = {
  variable: 'TABRING_CHROMIUM',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  macApps: ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`),
  windowsPath: 'Google\\Chrome\\Application\\chrome.exe',
  downloads,
  version: /Chrom/,
  debianPackage: 'chromium',
};
const FIREFOX = {
  variable: 'TABRING_FIREFOX',
  commands: ['firefox-esr', 'firefox'],
  macApps: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  windowsPath: 'Mozilla Firefox\\firefox.exe',
  downloads: () => [],
  version: /Firefox/,
  debianPackage: 'firefox-esr',
};

/** A browser that does not tell its version in this time does not run at all, milliseconds. */
const VERSION_TIMEOUT_MS = 30_000;
/** A download of 180 MB over a slow line; after that the next way is tried, milliseconds. */
const INSTALL_TIMEOUT_MS = 8 * 60_000;
/** An unreachable download server is given up after a few tries of this, milliseconds. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * The path of a Chromium or Chrome that runs, or undefined. Throws if TABRING_CHROMIUM names something else.
 * @returns {string | undefined}
 */
export function findBrowser() {
  return find(CHROMIUM);
}

/**
 * The path of a Firefox that runs, or undefined. Throws if TABRING_FIREFOX names something else.
 * @returns {string | undefined}
 */
export function findFirefox() {
  return find(FIREFOX);
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
  const gotten = findBrowser() ?? packaged(CHROMIUM);
  if (gotten !== undefined) return gotten;
  throw new Error(
    `The tests need Chromium or Chrome, and none could be downloaded. Install one (Debian: "apt-get install chromium"), or set ${CHROMIUM.variable} to the path of one.`,
  );
}

/**
 * As findFirefox, but gets one if there is none. Undefined if that fails: the tests that need it are then skipped.
 * @returns {string | undefined}
 */
export function ensureFirefox() {
  return findFirefox() ?? packaged(FIREFOX);
}

function find(browser) {
  const chosen = process.env[browser.variable];
  if (!chosen) return candidates(browser).find((path) => runs(path, browser));
  if (!runs(chosen, browser))
    throw new Error(`${browser.variable} is "${chosen}", which is no such browser that runs.`);
  return chosen;
}

/** The browser as Debian's package, where root may install one; undefined if that does not give a browser that runs. */
function packaged(browser) {
  if (!isDebian() || process.getuid?.() !== 0) return undefined;
  const { debianPackage } = browser;
  console.log(`Installing the package "${debianPackage}" for the tests ...`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  // A stale list may still name a package that can be had, so a failed update is not the end.
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], quiet);
  return find(browser);
}

function candidates({ commands, macApps, windowsPath, downloads }) {
  const paths = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const inPath = commands.flatMap((command) => paths.map((folder) => join(folder, command)));
  const inWindows = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, windowsPath));
  const installed = process.platform === 'win32' ? inWindows : process.platform === 'darwin' ? macApps : [];
  return [...inPath, ...installed, ...downloads()].filter(isExecutable);
}

/** Where Playwright keeps the Chromium that it downloads. */
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

/** Whether it is the browser and starts: Ubuntu's "chromium-browser" and "firefox" may be hints to install something else. */
function runs(path, { version }) {
  // On Windows asking a browser for its version opens a window.
  if (process.platform === 'win32') return existsSync(path);
  const asked = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: VERSION_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return asked.status === 0 && version.test(asked.stdout);
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
    console.log(
      `And Firefox: ${ensureFirefox() ?? 'none, so tests with it are skipped (Debian: "apt-get install firefox-esr")'}`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
