// No place of the page has a fault that axe finds (WCAG 2.2 AA and its best practices), light or dark, small or large.

import axe from 'axe-core';
import { expect, type Page, test } from 'playwright/test';
import { copiesComplete, storeIn } from './support/files.ts';
import { openedFile, openPlace, ownFile, typeToOpen } from './support/page.ts';
import { Ring, type Tab } from './support/ring.ts';

const FILE = { name: 'a file.txt', type: 'text/plain', size: 50_000, seed: 81 };
const PHONE = { width: 390, height: 844 };
const LARGE = { width: 1280, height: 800 };

declare global {
  interface Window {
    /** Test only. */
    axe: typeof axe;
  }
}

/** What is reached one after the other, and named in a failure. */
const STATES: readonly (readonly [string, (tab: Tab, link: string) => Promise<unknown>])[] = [
  ['Share with a file', (tab) => openPlace(tab, 'share')],
  ['a card with all that it has', openAllOfCard],
  ['the question before deleting', (tab) => ownFile(tab, FILE).getByRole('button', { name: 'Delete' }).click()],
  ['Open without a file', (tab) => openPlace(tab, 'open')],
  ['Open with a file', opensWhole],
  ['Open with a broken link', (tab, link) => typeToOpen(tab, link.slice(0, -2))],
  ['Ring', (tab) => openPlace(tab, 'ring')],
  ['Console', (tab) => openPlace(tab, 'console')],
];

test('every place is without a fault, light and dark, small and large', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(2);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('the ring is empty');
  await tab.page.evaluate(axe.source);
  await test.step('Share without files', () => hasNoFaults(tab.page));
  const { link } = await storeIn(tab, FILE);
  await copiesComplete(tab, 2);
  for (const [name, reach] of STATES) {
    await test.step(name, async () => {
      await reach(tab, link);
      await hasNoFaults(tab.page);
    });
  }
  await ring.stop();
});

async function openAllOfCard(tab: Tab): Promise<void> {
  const card = ownFile(tab, FILE);
  await card.getByRole('button', { name: 'QR' }).click();
  await expect(card.getByRole('img', { name: 'QR code' })).toBeVisible();
  await card.getByText('Details', { exact: true }).click();
  await card.getByRole('button', { name: 'Count them' }).click();
  await expect(card.locator('.parts li').first()).toBeVisible();
}

async function opensWhole(tab: Tab, link: string): Promise<void> {
  await typeToOpen(tab, link);
  await expect(openedFile(tab)).toContainText('every part verified');
}

async function hasNoFaults(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [PHONE, LARGE]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
      });
      expect(found, `${colorScheme} at ${viewport.width} pixels`).toEqual([]);
    }
  }
}
