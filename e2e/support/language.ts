// Tabs that speak a language because their user has chosen it.

import type { Page } from 'playwright/test';
import type { LanguageCode } from '../../client/src/web/text/languages.ts';

/** Chosen before the page is loaded, and kept if another is chosen later. */
export function speaking(language: LanguageCode): (page: Page) => Promise<void> {
  return async (page) => {
    await page.addInitScript((chosen) => {
      if (localStorage.getItem('tabring-language') === null) localStorage.setItem('tabring-language', chosen);
    }, language);
  };
}

/** As in the menu of another tab of the same browser. */
export async function speakNow(page: Page, language: LanguageCode): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem('tabring-language', chosen);
    window.dispatchEvent(new StorageEvent('storage', { key: 'tabring-language' }));
  }, language);
  await page.locator(`html[lang="${language}"]`).waitFor();
}
