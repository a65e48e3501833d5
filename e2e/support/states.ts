// The places and states of the page that a tab with one file reaches one after the other, by the words of a language.

import { expect, test } from 'playwright/test';
import type { Catalogue } from '../../client/src/web/text/words/catalogue.ts';
import { copiesComplete, storeIn, type TestFile } from './files.ts';
import { openedFile, openPlace, ownFile, typeToOpen } from './page.ts';
import type { Tab } from './ring.ts';

export const FILE: TestFile = { name: 'a file.txt', type: 'text/plain', size: 50_000, seed: 81 };

type Reach = (tab: Tab, link: string, words: Catalogue) => Promise<unknown>;

/** Each is named in a failure. */
const STATES: readonly (readonly [string, Reach])[] = [
  ['Share with a file', (tab) => openPlace(tab, 'share')],
  ['Share with a file on its way', storeWithoutEnd],
  ['Share with a file that was cancelled', (tab) => tab.page.locator('#store .transfer button').click()],
  ['a card with all that it has', openAllOfCard],
  ['the question before deleting', askToDelete],
  ['Open without a file', (tab) => openPlace(tab, 'open')],
  ['Open with a file', opensWhole],
  ['Open with a broken link', (tab, link) => typeToOpen(tab, link.slice(0, -2))],
  ['Ring', openRing],
  ['Ring with a node chosen, in the past', lookBack],
  ['Ring for the projector', (tab, _, words) => project(tab, words, true)],
  [
    'Console',
    async (tab, _, words) => {
      await project(tab, words, false);
      await openPlace(tab, 'console');
    },
  ],
  ['the choice of language and colours', (tab, _, { settings }) => openSettings(tab, settings.title)],
  ['Ring, left', leave],
  ['Share, left', (tab) => openPlace(tab, 'share')],
];

/** In a ring of two tabs; `look` is called in each state. */
export async function inAllStates(tab: Tab, words: Catalogue, look: () => Promise<void>): Promise<void> {
  await test.step('Share without files', look);
  const { link } = await storeIn(tab, FILE);
  await copiesComplete(tab, 2);
  for (const [name, reach] of STATES) {
    await test.step(name, async () => {
      await reach(tab, link, words);
      await look();
    });
  }
}

/** Presses the button in the head. */
export async function openSettings({ page }: Pick<Tab, 'page'>, title: string): Promise<void> {
  await page.getByRole('button', { name: title }).click();
  await page.locator('.settings-menu').waitFor();
}

/** A file that is never read to its end. */
async function storeWithoutEnd({ page }: Tab): Promise<void> {
  await page.evaluate(({ name, type, size }) => {
    const slice = () => ({ arrayBuffer: () => new Promise<ArrayBuffer>(() => undefined) });
    window.tabring?.store({ name, type, size, slice }).catch(() => undefined);
  }, FILE);
  await page.locator('#store .transfer[data-phase="running"]').waitFor();
}

async function leave(tab: Tab, _: string, { ring }: Catalogue): Promise<void> {
  await openPlace(tab, 'ring');
  await tab.page.getByRole('button', { name: ring.leave }).click();
  await tab.page.getByRole('button', { name: ring.joinAgain }).waitFor();
}

async function openAllOfCard(tab: Tab, _: string, { own }: Catalogue): Promise<void> {
  const card = ownFile(tab, FILE);
  await card.getByRole('button', { name: own.qr }).click();
  await expect(card.getByRole('img', { name: own.qr })).toBeVisible();
  await card.getByText(own.details, { exact: true }).click();
  await card.getByRole('button', { name: own.countParts }).click();
  await expect(card.locator('.parts li').first()).toBeVisible();
}

async function askToDelete(tab: Tab, _: string, { own }: Catalogue): Promise<void> {
  await ownFile(tab, FILE).getByRole('button', { name: own.delete }).click();
  await ownFile(tab, FILE).getByRole('alertdialog').waitFor();
}

async function opensWhole(tab: Tab, link: string, { open }: Catalogue): Promise<void> {
  await typeToOpen(tab, link);
  await expect(openedFile(tab)).toContainText(open.here);
}

async function openRing(tab: Tab, _: string, { ring }: Catalogue): Promise<void> {
  await openPlace(tab, 'ring');
  await tab.page.getByRole('button', { name: ring.randomKey }).click();
  await tab.page.locator('#lookup-result .route').waitFor();
}

async function lookBack({ page }: Tab, _: string, { living }: Catalogue): Promise<void> {
  await page.locator('.ring-stage').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.locator('#looked dd').first().waitFor();
  await page.getByText(living.asTable, { exact: true }).click();
  await page.getByRole('button', { name: living.back }).click();
  await page.locator('#player-state[data-mode="paused"]').waitFor();
}

async function project({ page }: Tab, { living }: Catalogue, isOn: boolean): Promise<void> {
  await page.getByRole('button', { name: isOn ? living.projector : living.projectorOff }).click();
  await page.locator('.projected').waitFor({ state: isOn ? 'attached' : 'detached' });
}
