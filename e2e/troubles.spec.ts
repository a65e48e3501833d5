// What goes wrong as a person meets it: a browser that refuses what the page needs, and more files at once than fit on a screen.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from 'playwright/test';
import { chromiumLaunch } from './support/chromium.ts';
import { copiesComplete } from './support/files.ts';
import { chooseFiles } from './support/page.ts';
import { isActive, Ring } from './support/ring.ts';

test('a browser that makes no connections says so in the head', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await isActive(await ring.open());
  const { page } = await ring.open('/', async (page) => {
    await page.addInitScript(() => {
      window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
        construct: () => {
          throw new DOMException('switched off', 'NotAllowedError');
        },
      });
    });
  });
  const status = page.locator('#status');
  await expect(status).toContainText('No way into the ring so far');
  await expect(status).toContainText('This browser allows no WebRTC connections: allow them in its settings');
  await expect(status).toContainText('or use another browser');
  await expect(status).toContainText('switched off');
  await expect(status).not.toContainText('too many');
  await expect(status).toBeInViewport({ ratio: 1 });
  await ring.stop();
});

test('a browser that blocks all site data is told in the sentence meant for it', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const profile = await mkdtemp(join(tmpdir(), 'tabring-blocked-'));
  await mkdir(join(profile, 'Default'));
  // As its settings write it.
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, chromiumLaunch());
  const page = await context.newPage();
  await page.goto(ring.discovery.url);
  await expect(page.getByRole('alert')).toContainText('The browser refuses to open its storage');
  await expect(page.getByRole('alert')).not.toContainText('unexpected');
  await context.close();
  await rm(profile, { recursive: true });
  await ring.stop();
});

test('of 33 files at once five rows and the whole are shown, then thirty cards, and the page stays short', async ({
  browser,
}) => {
  const ring = await Ring.start(browser);
  await ring.grow(2);
  const [tab] = ring.tabs;
  if (tab === undefined) throw new Error('the ring is empty');
  const { page } = tab;
  const files = Array.from({ length: 33 }, (_, seed) => ({
    name: `picture ${seed}.jpg`,
    type: 'image/jpeg',
    size: 3_000,
    seed,
  }));
  await page.evaluate(() => {
    const most = { rows: 0, totals: new Set<string>() };
    new MutationObserver(() => {
      most.rows = Math.max(most.rows, document.querySelectorAll('#store .transfer').length);
      const total = document.querySelector('#store .total')?.textContent;
      if (total !== null && total !== undefined) most.totals.add(total);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    window.mostSeen = most;
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    wakeLock.request = async (type) => {
      const lock = await request(type);
      window.screenLocks = [...(window.screenLocks ?? []), lock];
      return lock;
    };
  });
  await chooseFiles(tab, files);
  const cards = page.locator('#own-files > li');
  await expect(page.locator('#own-title')).toContainText('33 files');
  await expect(page.locator('#store .transfer')).toHaveCount(0);
  const seen = await page.evaluate(() => ({
    rows: window.mostSeen?.rows,
    totals: [...(window.mostSeen?.totals ?? [])],
  }));
  expect(seen.rows).toBe(5);
  expect(seen.totals).toContainEqual(expect.stringMatching(/^33 files to go/));
  // The screen was kept on meanwhile, and is no longer.
  await page.waitForFunction(() => window.screenLocks?.every(({ released }) => released));
  await expect(cards).toHaveCount(30);
  await page.getByRole('button', { name: 'Show more (3 left)' }).click();
  await expect(cards).toHaveCount(33);
  await copiesComplete(tab, 2);
  // Each of them has buttons of its own to those who hear them one by one.
  const names = await page
    .getByRole('button', { name: 'Copy link' })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
  expect(new Set(names).size).toBe(names.length);
  await ring.stop();
});

declare global {
  interface Window {
    /** Test only: what kept the screen on. */
    screenLocks?: WakeLockSentinel[];
    /** Test only: what the page showed at most. */
    mostSeen?: { rows: number; readonly totals: Set<string> };
  }
}
