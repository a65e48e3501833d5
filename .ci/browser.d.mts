// Types of browser.mjs, for e2e/support/.

/** The path of a Chromium or Chrome that runs, or undefined. Throws if TABRING_CHROMIUM names something else. */
export function findBrowser(): string | undefined;
/** The path of a Firefox that runs, or undefined. Throws if TABRING_FIREFOX names something else. */
export function findFirefox(): string | undefined;
/** As findBrowser, but gets a browser if there is none. Throws an error that says what to do if that fails too. */
export function ensureBrowser(): string;
/** As findFirefox, but gets one if there is none. Undefined if that fails: the tests that need it are then skipped. */
export function ensureFirefox(): string | undefined;
