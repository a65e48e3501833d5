// No place of the page has a fault that axe finds (WCAG 2.2 AA and its best practices): light or dark, as the system is or as the
// user has chosen, small or large, in English and in German, whose words are longer.

import axe from 'axe-core';
import { expect, type Page, test } from 'playwright/test';
import { newTerms } from '../client/src/trust/ring-entry.ts';
import { GERMAN } from '../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH } from '../client/test/web/texts-of.ts';
import { createRing } from '../signaling/ring.ts';
import { storeIn } from './support/files.ts';
import { speaking } from './support/language.ts';
import { openPlace } from './support/page.ts';
import { newTab, Ring } from './support/ring.ts';
import { FILE, inAllStates } from './support/states.ts';

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

test('before the ring: at the door of a closed one, and in a browser that cannot join', async ({ browser }) => {
  const entry = { terms: newTerms(), verifiers: [] };
  const ring = await Ring.start(browser, { rings: [{ name: 'closed', ring: await createRing(), entry }] });
  const { page } = await newTab(browser, ring);
  await page.goto(`${ring.discovery.url}/r/closed`);
  await page.getByLabel(ENGLISH.door.password).fill('open, barley');
  await page.getByRole('button', { name: ENGLISH.door.enter }).click();
  await page.getByRole('alert').waitFor();
  await page.evaluate(axe.source);
  await test.step('the door, after a wrong password', () => hasNoFaults(page, false));
  await page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
  await page.goto(ring.discovery.url);
  await expect(page.getByRole('alert')).toContainText('This browser offers no WebRTC');
  await page.evaluate(axe.source);
  await test.step('no WebRTC', () => hasNoFaults(page, false));
  await page.context().close();
  await ring.stop();
});

test('with more contrast, and in forced colours', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(2);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('the ring is empty');
  const { page } = tab;
  await storeIn(tab, FILE);
  await page.evaluate(axe.source);
  for (const place of ['share', 'ring'] as const) {
    await openPlace(tab, place);
    await page.emulateMedia({ contrast: 'more', forcedColors: 'none' });
    await test.step(`more contrast in ${place}`, () => hasNoFaults(page, false));
    await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
    await test.step(`forced colours in ${place}`, () => hasNoFaults(page, false));
  }
  // What a ground tells elsewhere, a line tells where there are none.
  const edge = await page.locator('#status').evaluate((pill) => getComputedStyle(pill).borderTopStyle);
  const outline = await page.locator('.to-ring').evaluate((link) => getComputedStyle(link).outlineStyle);
  expect([edge, outline]).toEqual(['solid', 'solid']);
  await ring.stop();
});

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
