// The browser of the tests: the machine's Chromium or Chrome, started quietly and without looking outside; or one without
// windows, where a test needs nothing that only these have.

import { findBrowser, findHeadless } from '../../.ci/browser.mjs';

const QUIET = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** What each window draws below its address bar, in two renderers of its own: four fifths of what an idle window costs. */
const NO_SUGGESTIONS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
/** With it, host candidates are mDNS names, which take longer to resolve than the links to open. */
const HIDDEN_ADDRESSES = 'WebRtcHideLocalIpsWithMdns';

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: string[];
}

export interface ChromiumOptions {
  /** As for users: own addresses are told to other tabs as mDNS names only. Default: plainly, which is faster. */
  readonly hidesAddresses?: boolean;
  /** Without windows, if the machine has such a browser: the same tabs, but no installed apps and no choosing of files to write. */
  readonly windowless?: boolean;
  /** An http origin on another machine that is to have what only https gives. */
  readonly secureOrigin?: string;
}

/** Launch options for Playwright. Throws if there is no browser: npm test gets one. */
export function chromiumLaunch(options: ChromiumOptions = {}): ChromiumLaunch {
  const { hidesAddresses = false, windowless = false, secureOrigin } = options;
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no Chromium or Chrome. Get one: node .ci/browser.mjs');
  // So that the workers need not look again.
  process.env.TABRING_CHROMIUM = executablePath;
  const without = hidesAddresses ? NO_SUGGESTIONS : [...NO_SUGGESTIONS, HIDDEN_ADDRESSES];
  const origins = secureOrigin === undefined ? [] : [`--unsafely-treat-insecure-origin-as-secure=${secureOrigin}`];
  // The sandbox does not work for root, as whom many test machines run.
  return {
    executablePath: (windowless ? headless() : undefined) ?? executablePath,
    args: ['--no-sandbox', ...QUIET, `--disable-features=${without.join()}`, ...origins],
  };
}

function headless(): string | undefined {
  const path = findHeadless();
  // So that the workers need not look again.
  if (path !== undefined) process.env.TABRING_HEADLESS = path;
  return path;
}
