// A page that has just been opened: it asks nobody but its own server for anything, and can be used before its tab is in the ring.

import { expect, type Page, test } from 'playwright/test';
import { copiesComplete, storeIn } from './support/files.ts';
import { chooseFiles, openedFile, openPlace, ownFile, saveFrom, typeToOpen } from './support/page.ts';
import { isActive, newTab, Ring } from './support/ring.ts';

const FILE = { name: 'early.pdf', type: 'application/pdf', size: 300_000, seed: 97 };

test('loading, sharing and opening ask no other host for anything', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const asked = new Set<string>();
  const watch = async (page: Page): Promise<void> => {
    // Of its workers too.
    page.context().on('request', (request) => asked.add(new URL(request.url()).host));
    page.on('websocket', (socket) => asked.add(new URL(socket.url()).host));
  };
  const sender = await ring.open('/', watch);
  await isActive(sender);
  const receiver = await ring.open('/', watch);
  await isActive(receiver);
  await ring.settled();
  const { link } = await storeIn(sender, FILE);
  await copiesComplete(sender, 2);
  await expect(ownFile(sender, FILE)).toContainText('2 of 3 copies');
  await typeToOpen(receiver, link);
  await expect(openedFile(receiver)).toContainText('every part verified');
  await saveFrom(receiver, FILE);
  for (const place of ['ring', 'console', 'open'] as const) await openPlace(receiver, place);
  await receiver.page.locator('html').evaluate(() => navigator.serviceWorker.ready);
  // Of a blob, which is in the page, the host is empty.
  asked.delete('');
  expect([...asked]).toEqual([new URL(ring.discovery.url).host]);
  await ring.stop();
});

test('while the Discovery node does not answer, one can go to all places', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const held = gate();
  const { page, context } = await newTab(browser, ring);
  await page.routeWebSocket(/socket\.io/, async (socket) => {
    await held.opened;
    socket.connectToServer();
  });
  // Polled instead, after a while.
  await page.route(/socket\.io/, async (route) => {
    await held.opened;
    await route.continue();
  });
  await page.goto(ring.discovery.url);
  await expect(page.locator('#app')).toContainText('the server does not answer (yet)');
  const place = (name: string) => page.locator(`.to-${name}[aria-current="page"]`);
  await page.locator('.to-ring').click();
  await expect(place('ring')).toBeVisible();
  await page.locator('.to-console').press('Enter');
  await expect(place('console')).toBeVisible();
  await page.goBack();
  await expect(place('ring')).toBeVisible();
  expect(await page.evaluate(() => window.tabring)).toBeUndefined();
  held.open();
  await page.locator('#ring').waitFor();
  await context.close();
  await ring.stop();
});

test('while the tab joins, files are taken, and shared as soon as it is in the ring', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await isActive(await ring.open());
  const tab = await ring.open('/', async (page) => {
    await page.addInitScript(() => {
      const { createOffer } = RTCPeerConnection.prototype;
      const held = new Promise<void>((resolve) => {
        window.letJoin = resolve;
      });
      const later = async function (this: RTCPeerConnection): Promise<RTCSessionDescriptionInit> {
        await held;
        return Reflect.apply(createOffer, this, []);
      };
      Reflect.set(RTCPeerConnection.prototype, 'createOffer', later);
    });
  });
  const { page } = tab;
  await chooseFiles(tab, [FILE]);
  await expect(page.locator('#store .transfer')).toContainText('waiting for this tab to join the ring');
  await page.locator('.choice input').press('Space');
  await expect(page.locator('.choice input')).toBeChecked();
  await openPlace(tab, 'console');
  await openPlace(tab, 'share');
  await expect(page.locator('#status')).toHaveAttribute('data-status', 'joining');
  await page.evaluate(() => window.letJoin?.());
  await expect(ownFile(tab, FILE)).toContainText('2 of 3 copies');
  await expect(page.locator('#status')).toHaveAttribute('data-status', 'active');
  await ring.stop();
});

/** Something that is waited for until it is opened. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

declare global {
  interface Window {
    /** Test only. */
    letJoin?: () => void;
  }
}
