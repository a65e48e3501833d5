// The browser of the tests: the machine's Chromium or Chrome, started quietly and without looking outside.

import { findBrowser } from '../../.ci/browser.mjs';

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
  /** An http origin on another machine that is to have what only https gives. */
  readonly secureOrigin?: string;
}

/** Launch options for Playwright. Throws if there is no browser: npm test gets one. */
export function chromiumLaunch({ hidesAddresses = false, secureOrigin }: ChromiumOptions = {}): ChromiumLaunch {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no Chromium or Chrome. Get one: node .ci/browser.mjs');
  // So that the workers need not look again.
  process.env.TABRING_CHROMIUM = executablePath;
  const without = hidesAddresses ? NO_SUGGESTIONS : [...NO_SUGGESTIONS, HIDDEN_ADDRESSES];
  const origins = secureOrigin === undefined ? [] : [`--unsafely-treat-insecure-origin-as-secure=${secureOrigin}`];
  // The sandbox does not work for root, as whom many test machines run.
  return { executablePath, args: ['--no-sandbox', ...QUIET, `--disable-features=${without.join()}`, ...origins] };
}
