// The picture of the ring in real tabs: a lookup walked hop by hop, the past gone back to, nodes and objects looked at, a death seen;
// and the lesson, ticked off as it happens.

import { expect, type Page, test } from 'playwright/test';
import { storeIn } from './support/files.ts';
import { openPlace } from './support/page.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

const CLASSROOM = { params: { digits: 4, leafSetSize: 2 } };
const OTHERS = ['0b94', '3f2a', '58c1', '9c0e', '1e77', '1807'];
const FILE = { name: 'file.txt', type: 'text/plain', size: 5, seed: 3 };

async function classroom(ring: Ring): Promise<Tab> {
  for (const id of OTHERS) await isActive(await ring.open(`/?id=${id}`));
  const tab = await ring.open('/?lesson&id=1804');
  await isActive(tab);
  await ring.settled();
  return tab;
}

async function lookUp(page: Page, key: string): Promise<void> {
  await page.locator('#lookup-input').fill(key);
  await page.locator('#lookup button[type="submit"]').click();
  await page.locator('#lookup-result .route').waitFor();
}

/** Goes back until the caption says so. */
async function backTo(page: Page, text: RegExp): Promise<void> {
  await page.locator('#story').getByRole('button', { name: text }).first().click();
  await expect(page.locator('#ring-caption')).toHaveText(text);
}

test('the lesson goes on as its steps happen, and the picture shows them', async ({ browser }) => {
  const ring = await Ring.start(browser, CLASSROOM);
  const tab = await classroom(ring);
  const { page } = tab;
  const step = page.locator('.lesson-at');
  // Joined, and the others are there.
  await expect(step).toHaveAttribute('data-step', 'leaf');
  await page.locator('.ring-stage').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('#looked')).toContainText('this tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#looked')).toContainText('number 1 clockwise');
  await expect(page.locator('.ring-stage')).toHaveAttribute('aria-valuetext', /^Node 1807; .*number 1 clockwise/);
  await expect(page.locator('#leaf-set .lit')).toHaveText('1807');
  await expect(step).toHaveAttribute('data-step', 'cell');
  // 1e77, in row 1.
  await page.keyboard.press('ArrowRight');
  await expect(step).toHaveAttribute('data-step', 'lookup');

  await lookUp(page, '46cd');
  await expect(page.locator('#ring .hop')).toHaveCount(1);
  await expect(page.locator('#ring .node-leaf.on-route, #ring .node-known.on-route')).toHaveCount(1);
  await expect(step).toHaveAttribute('data-step', 'rule');
  await backTo(page, /^Hop 1: 1804 asks 3f2a.* Rule: /);
  await expect(step).toHaveAttribute('data-step', 'file');
  await expect(page.locator('#player-state')).toHaveAttribute('data-mode', 'paused');
  await expect(page.locator('#routing-table .lit, #leaf-set .lit').first()).toBeVisible();

  await storeIn(tab, FILE);
  await expect(step).toHaveAttribute('data-step', 'find');
  await openPlace(tab, 'console');
  await page.locator('#console-input').fill('lookup file.txt');
  await page.locator('#console-input').press('Enter');
  await openPlace(tab, 'ring');
  await expect(step).toHaveAttribute('data-step', 'leaves');

  const gone = ring.tabs.find(({ page: other }) => other.url().includes('1807'));
  if (gone === undefined) throw new Error('1807 is open');
  await gone.page.close();
  ring.leaveOut(gone);
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(step).toHaveAttribute('data-step', 'repair');
  await backTo(page, /^1807 (said goodbye|answers no probe)/);
  await expect(page.locator('#ring .node-gone[data-node="1807"]')).toHaveCount(1);
  await expect(step).toHaveAttribute('data-step', 'done');
  // As it is now it is not in the ring.
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page.locator('#ring [data-node="1807"]')).toHaveCount(0);
  await ring.stop();
});

test('what is pressed changes a picture that is in sight, and a skipped step of the lesson says so', async ({
  browser,
}) => {
  const ring = await Ring.start(browser, CLASSROOM);
  await isActive(await ring.open('/?id=3f2a'));
  const tab = await ring.open('/?lesson&id=1804');
  await isActive(tab);
  await ring.settled();
  const { page } = tab;
  const picture = page.locator('.ring-stage');
  for (const [width, height] of [
    [1280, 900],
    [1280, 700],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.locator('#story button.line').last().click();
    await expect(picture).toBeInViewport({ ratio: 0.95 });
    await expect(page.locator('#player-state')).toHaveAttribute('data-mode', 'paused');
    await lookUp(page, '46cd');
    await expect(picture).toBeInViewport({ ratio: 0.95 });
    await expect(page.locator('#ring .hop')).toHaveCount(1);
    // The label left of the mark, on the right side of the ring.
    const gap = await page.locator('#ring .key').evaluate((key) => {
      const [mark, label] = ['.key-mark', 'text'].map((part) => key.querySelector(part)?.getBoundingClientRect());
      return (mark?.left ?? 0) - (label?.right ?? 0);
    });
    expect(gap, `in ${width} × ${height}`).toBeGreaterThan(0);
  }
  await expect(page.locator('.lesson-at')).toHaveAttribute('data-step', 'others');
  await page.getByRole('button', { name: 'Skip this step' }).click();
  await expect(page.locator('.lesson-steps .is-skipped')).toHaveText('Open more tabs (skipped)');
  await expect(page.locator('.lesson-steps .is-done')).toHaveText(/^Join the ring/);
  await ring.stop();
});
