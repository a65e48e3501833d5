// Types of browser.mjs, for e2e/playwright.config.ts.

/** The path of a browser that runs, or undefined. Throws if TABRING_CHROMIUM names something else. */
export function findBrowser(): string | undefined;
/** As findBrowser, but gets a browser if there is none. Throws an error that says what to do if that fails too. */
export function ensureBrowser(): string;
