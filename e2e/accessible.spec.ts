// No place of the page has a fault that axe finds (WCAG 2.2 AA and its best practices): light or dark, as the system is or as the
// user has chosen, small or large, in English and in German, whose words are longer.

import axe from 'axe-core';
import { expect, type Page, test } from 'playwright/test';
import { GERMAN } from '../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH } from '../client/test/web/texts-of.ts';
import { speaking } from './support/language.ts';
import { Ring } from './support/ring.ts';
import { inAllStates } from './support/states.ts';

const PHONE = { width: 390, height: 844 };
const LARGE = { width: 1280, height: 800 };

declare global {
  interface Window {
    /** Test only. */
    axe: typeof axe;
  }
}

for (const [language, words] of [
  ['en', ENGLISH],
  ['de', GERMAN],
] as const) {
  test(`every place is without a fault, light and dark, small and large, in “${language}”`, async ({ browser }) => {
    const ring = await Ring.start(browser);
    const tab = await ring.open('/', speaking(language));
    await ring.grow(1);
    await tab.page.evaluate(axe.source);
    await inAllStates(tab, words, () => hasNoFaults(tab.page, language === 'de'));
    await ring.stop();
  });
}

/** `isChosen`: the colours are the user's choice, against the system's. */
async function hasNoFaults(page: Page, isChosen: boolean): Promise<void> {
  for (const colours of ['light', 'dark'] as const) {
    for (const viewport of [PHONE, LARGE]) {
      const other = colours === 'light' ? 'dark' : 'light';
      await page.emulateMedia({ colorScheme: isChosen ? other : colours, reducedMotion: 'reduce' });
      if (isChosen)
        await page.evaluate((chosen) => document.documentElement.setAttribute('data-colours', chosen), colours);
      await page.setViewportSize(viewport);
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
      });
      expect(found, `${colours} at ${viewport.width} pixels`).toEqual([]);
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth, `nothing is wider than ${viewport.width} pixels`).toBeLessThanOrEqual(viewport.width);
    }
  }
}
