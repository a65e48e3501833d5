// The machine's own Firefox, as its users have it: Playwright drives it over WebDriver BiDi.

import { findFirefox } from '../../.ci/browser.mjs';

export interface FirefoxLaunch {
  readonly channel: string;
  readonly executablePath: string;
  readonly firefoxUserPrefs: Record<string, string | number | boolean>;
}

/** What an ordinary Firefox cannot be told to emulate; for newContext. */
export const PLAIN_CONTEXT = { colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null } as const;

/** Why tests with Firefox are skipped here; undefined if there is one. */
export function whyNoFirefox(): string | undefined {
  if (findFirefox() !== undefined) return undefined;
  return 'no Firefox that runs: "apt-get install firefox-esr" on Debian, or set TABRING_FIREFOX to the path of one';
}

/** Launch options for Playwright. `secureHost`: of an http address that is to have what only https gives. */
export function firefoxLaunch(secureHost = ''): FirefoxLaunch {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error(whyNoFirefox());
  return {
    channel: 'moz-firefox',
    executablePath,
    firefoxUserPrefs: { 'dom.securecontext.allowlist': secureHost },
  };
}
