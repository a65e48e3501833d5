// The page as an app of its own: it can be installed, opens without its server and says so, is never older than what is served, and
// takes what other apps share.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, expect, firefox, type Page, test } from 'playwright/test';
import { GERMAN } from '../client/src/web/text/words/de/catalogue.ts';
import { ENGLISH } from '../client/test/web/texts-of.ts';
import { createRing } from '../signaling/ring.ts';
import { startDiscoveryNode } from '../signaling/server.ts';
import { chromiumLaunch } from './support/chromium.ts';
import { firefoxLaunch, whyNoFirefox } from './support/firefox.ts';
import { makeNewer } from './support/newer-build.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

const STATIC_DIR = fileURLToPath(new URL('../dist', import.meta.url));

/** Waits until the page opens without its server. */
async function hasWorker({ page }: Pick<Tab, 'page'>): Promise<void> {
  const state = (): Promise<string | undefined> =>
    page.evaluate(async () => {
      const scope = new URL('./', location.href).href;
      const registration = await navigator.serviceWorker.getRegistration(scope);
      return registration?.scope === scope ? registration.active?.state : undefined;
    });
  await expect.poll(state).toBe('activated');
}

/** What is kept of pages, by names of caches. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('tabring-page ')));
}

function script(page: Page): Promise<string | null> {
  return page.locator('script[type="module"]').first().getAttribute('src');
}

test('the page can be installed, that of a named ring as another app', async () => {
  // Nothing can be installed in the private windows that other tests are in.
  const profile = await mkdtemp(join(tmpdir(), 'tabring-profile-'));
  const rings = [{ name: 'class-3b', ring: await createRing() }];
  const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR, rings });
  const context = await chromium.launchPersistentContext(profile, chromiumLaunch());
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  for (const path of ['/', '/r/class-3b/']) {
    const url = `${discovery.url}${path}`;
    await page.goto(url);
    const { errors, url: manifestUrl, data } = await session.send('Page.getAppManifest');
    expect([errors, manifestUrl]).toEqual([[], `${url}manifest.webmanifest`]);
    expect((await session.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
    expect((await session.send('Page.getAppId')).appId).toBe(url);
    const { icons, share_target } = JSON.parse(data ?? '{}');
    expect(new URL(share_target.action, manifestUrl).href).toBe(`${url}share-target`);
    for (const { src, type } of icons) {
      const answer = await context.request.get(new URL(src, manifestUrl).href);
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, type]);
    }
  }
  await context.close();
  await discovery.close();
  await rm(profile, { recursive: true });
});

test('its icon is the same drawing as SVG and as pixels', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const { page } = await ring.open();
  const differences = await page.evaluate(async () => {
    const pixelsOf = async (file: string): Promise<Uint8ClampedArray> => {
      const image = new Image(192, 192);
      image.src = `./${file}`;
      await image.decode();
      const canvas = new OffscreenCanvas(192, 192).getContext('2d');
      canvas?.drawImage(image, 0, 0, 192, 192);
      return canvas?.getImageData(0, 0, 192, 192).data ?? new Uint8ClampedArray();
    };
    const [drawn, pixels] = [await pixelsOf('icon.svg'), await pixelsOf('icon-192.png')];
    const opacities = drawn.filter((_, index) => index % 4 === 3);
    return {
      shown: opacities.filter((opacity) => opacity === 255).length / opacities.length,
      // Edges are smoothed in two ways.
      different: pixels.filter((value, index) => Math.abs(value - (drawn[index] ?? 0)) > 64).length / pixels.length,
    };
  });
  expect(differences.shown).toBeGreaterThan(0.3);
  expect(differences.different).toBeLessThan(0.005);
  await ring.stop();
});

test('what a browser draws round it has the colours that are chosen', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const { page } = await ring.open();
  const colours = (): Promise<(string | null)[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')]
        .filter(({ media }) => matchMedia(media).matches)
        .map(({ content }) => content),
    );
  for (const [colorScheme, colour] of [
    ['light', '#f3f6f7'],
    ['dark', '#0f1518'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(colours).toEqual([colour]);
  }
  await page.evaluate(() => {
    localStorage.setItem('tabring-colours', 'light');
    window.dispatchEvent(new StorageEvent('storage', { key: 'tabring-colours' }));
  });
  await expect.poll(colours).toEqual(['#f3f6f7']);
  await page.reload();
  await expect.poll(colours).toEqual(['#f3f6f7']);
  await ring.stop();
});

async function opensWithoutServer(browser: Browser, locale: string, words: typeof ENGLISH): Promise<void> {
  const ring = await Ring.start(browser);
  const tab = await ring.open('/?id=3f', undefined, browser, { locale });
  await isActive(tab);
  await hasWorker(tab);
  await ring.stopDiscovery();
  await tab.page.reload();
  // Up to the reason, which is the browser's.
  const [sentence = ''] = words.trouble.plain(words.trouble.away('…')).split(/ \(…\)|:/, 1);
  await expect(tab.page.locator('.starting')).toContainText(sentence);
  await expect(tab.page.locator('.to-share')).toHaveText(words.frame.places.share);
  await ring.restartDiscovery();
  await isActive(tab);
  await ring.stop();
}

test('without the server it opens all the same, says that nobody can be reached, and joins when it can', async ({
  browser,
}) => {
  await opensWithoutServer(browser, 'en', ENGLISH);
});

test('so it does in German', async ({ browser }) => {
  await opensWithoutServer(browser, 'de-DE', GERMAN);
});

const noFirefox = whyNoFirefox();
test('so it does in Firefox', async () => {
  test.skip(noFirefox !== undefined, noFirefox);
  const fox = await firefox.launch(firefoxLaunch());
  await opensWithoutServer(fox, 'en', ENGLISH);
  await fox.close();
});

test('a newer page comes at once, and is what opens without the server from then on', async ({ browser }) => {
  const site = await mkdtemp(join(tmpdir(), 'tabring-site-'));
  await cp(STATIC_DIR, site, { recursive: true });
  const ring = await Ring.start(browser, { staticDir: site });
  const tab = await ring.open();
  const { page } = tab;
  await isActive(tab);
  await hasWorker(tab);
  const [older = ''] = await kept(page);
  await ring.stopDiscovery();
  const newer = `./assets/${await makeNewer(site)}`;
  await page.reload();
  // It cannot know better yet.
  expect(await script(page)).not.toBe(newer);
  await ring.restartDiscovery();
  await page.reload();
  expect(await script(page)).toBe(newer);
  await isActive(tab);
  await expect.poll(() => kept(page)).toEqual([older.replace(/\w+$/, 'newer')]);
  await ring.stopDiscovery();
  await page.reload();
  expect(await script(page)).toBe(newer);
  await ring.restartDiscovery();
  await isActive(tab);
  await ring.stop();
  await rm(site, { recursive: true });
});

test('a build that the server gives in part only is not kept', async ({ browser }) => {
  const site = await mkdtemp(join(tmpdir(), 'tabring-site-'));
  await cp(STATIC_DIR, site, { recursive: true });
  const ring = await Ring.start(browser, { staticDir: site });
  const tab = await ring.open();
  await isActive(tab);
  await hasWorker(tab);
  const before = await kept(tab.page);
  const newer = await makeNewer(site);
  const failed = tab.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return new Promise((resolve) => {
      registration?.addEventListener('updatefound', () => {
        const { installing } = registration;
        installing?.addEventListener('statechange', () => resolve(installing.state));
      });
      void registration?.update();
    });
  });
  await rm(join(site, 'assets', newer));
  expect(await failed).toBe('redundant');
  expect(await kept(tab.page)).toEqual(before);
  await ring.stop();
  await rm(site, { recursive: true });
});

test('below its address there are pages that are not its own', async ({ browser }) => {
  const ring = await Ring.start(browser, { rings: [{ name: 'class-3b', ring: await createRing() }] });
  const tab = await ring.open();
  await isActive(tab);
  await hasWorker(tab);
  await tab.page.reload();
  const others = ['/healthz', '/readyz', '/metrics', '/r/class-3b/', '/socket.io/?EIO=4&transport=polling'];
  const statuses = (): Promise<(number | string)[]> =>
    tab.page.evaluate(
      (all) =>
        Promise.all(
          all.map((path) =>
            fetch(path).then(
              ({ status }) => status,
              () => 'nothing',
            ),
          ),
        ),
      others,
    );
  expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  await ring.stopDiscovery();
  expect(await statuses()).toEqual(others.map(() => 'nothing'));
  const other = await tab.context.newPage();
  await expect(other.goto(`${ring.discovery.url}/r/class-3b/`)).rejects.toThrow('ERR_CONNECTION_REFUSED');
  await tab.page.goto(ring.discovery.url);
  await expect(tab.page.locator('.starting')).toContainText('Nobody can be reached');
  await ring.stop();
});

/** Another page, from which a form is sent as browsers send what is shared. */
async function startStranger(action: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><meta charset="utf-8"><form action="${action}" method="post" enctype="multipart/form-data">
      <input type="file" name="files" multiple><input name="text"><button>send</button></form>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://localhost:${address.port}/`, server };
}

const NAMES = ['Straße.jpg', 'b.png'];
let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-photos-'));
  for (const [index, name] of NAMES.entries()) await writeFile(join(folder, name), `picture ${index}`);
});
test.afterAll(() => rm(folder, { recursive: true }));

/** Shares two pictures and a text with the page, in a tab of the same browser. */
async function share(context: BrowserContext, ring: Ring, page: Page): Promise<void> {
  const stranger = await startStranger(`${ring.discovery.url}/share-target`);
  await page.goto(stranger.url);
  await page.locator('input[type=file]').setInputFiles(NAMES.map((name) => join(folder, name)));
  await page.locator('input[name=text]').fill('a few words');
  await page.locator('button').click();
  await page.waitForURL(`${ring.discovery.url}/**`);
  expect(context.pages()).toContain(page);
  stranger.server.closeAllConnections();
  stranger.server.close();
}

async function textOf(page: Page, name: string): Promise<string | undefined> {
  return page.evaluate(async (name) => {
    const own = window.tabring?.listFiles().own.find((file) => file.name === name);
    return own && (await (await window.tabring?.retrieve(own.link))?.blob())?.text();
  }, name);
}

function waiting(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('tabring-shares ')));
}

test('what another app shares is stored as if it had been dropped, once the tab has joined', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const profile = await mkdtemp(join(tmpdir(), 'tabring-profile-'));
  const launch = chromiumLaunch();
  // The window of an app.
  const args = [...launch.args, `--app=${ring.discovery.url}/`];
  const context = await chromium.launchPersistentContext(profile, { ...launch, args });
  const [page = await context.newPage()] = context.pages();
  const tab: Tab = { ring, page, context, complaints: [] };
  await isActive(tab);
  await hasWorker(tab);
  // It waits until there is somebody to give it to.
  await ring.stopDiscovery();
  await share(tab.context, ring, tab.page);
  await expect(tab.page.locator('.starting')).toContainText('Nobody can be reached');
  expect(await waiting(tab.page)).toHaveLength(1);
  await ring.restartDiscovery();
  await isActive(tab);
  for (const name of NAMES) await expect(tab.page.locator('#own-files > li', { hasText: name })).toHaveCount(1);
  await expect(tab.page.locator('#own-files > li')).toHaveCount(3);
  expect(await textOf(tab.page, 'Straße.jpg')).toBe('picture 0');
  expect(await textOf(tab.page, 'shared text.txt')).toBe('a few words');
  await expect.poll(() => waiting(tab.page)).toEqual([]);
  await tab.page.reload();
  await isActive(tab);
  await expect(tab.page.locator('#own-files > li')).toHaveCount(3);
  await context.close();
  await ring.stop();
  await rm(profile, { recursive: true });
});

test('what may come from any page is asked about first', async ({ browser }) => {
  const ring = await Ring.start(browser);
  const tab = await ring.open();
  await isActive(tab);
  await hasWorker(tab);
  const { page } = tab;
  const question = page.locator('.shared-question');
  await share(tab.context, ring, page);
  await expect(question).toContainText('Straße.jpg, b.png, a few words');
  await question.getByRole('button', { name: ENGLISH.trouble.sharedNo }).click();
  await expect(question).toHaveCount(0);
  await expect.poll(() => waiting(page)).toEqual([]);
  await isActive(tab);
  expect(await page.locator('#own-files > li').count()).toBe(0);
  await share(tab.context, ring, page);
  // Closed before it is answered, the question is put again.
  await question.waitFor();
  await page.reload();
  await question.getByRole('button', { name: ENGLISH.trouble.sharedYes }).click();
  await expect(page.locator('#own-files > li')).toHaveCount(3);
  await expect.poll(() => waiting(page)).toEqual([]);
  await ring.stop();
});
