// The page as it is delivered: under its policy without a violation, in no foreign frame, and below a path behind a proxy.

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request as requestOf, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, expect, firefox, type Page, test } from 'playwright/test';
import type {} from '../client/src/web/tabring.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../signaling/server.ts';
import { firefoxLaunch, PLAIN_CONTEXT, whyNoFirefox } from './support/firefox.ts';
import { makeNewer } from './support/newer-build.ts';
import { openedFile } from './support/page.ts';

declare global {
  interface Window {
    /** Directives that were violated, as the browser reports them. */
    violations?: string[];
  }
}

const STATIC_DIR = fileURLToPath(new URL('../dist', import.meta.url));

/** A page that writes down what the policy forbade it, from its first moment on, and what its console said. */
async function watched(browser: Browser): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const plain = browser.browserType().name() === 'firefox' ? PLAIN_CONTEXT : {};
  const context = await browser.newContext({ acceptDownloads: true, ...plain });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      window.violations?.push(`${violatedDirective} ${blockedURI}`);
    });
  });
  return { page, complaints };
}

/** Two tabs of the page at `url` hand a file from one to the other, by the link that the page shows. */
async function exchangesFiles(browser: Browser, url: string): Promise<void> {
  const tabs = [await watched(browser), await watched(browser)];
  const [first, second] = tabs.map(({ page }) => page);
  if (first === undefined || second === undefined) throw new Error('no pages');
  for (const page of [first, second]) {
    await page.goto(url);
    await page.waitForFunction(() => window.tabring?.status === 'active');
  }
  const link = await first.evaluate(async () => {
    const stored = await window.tabring?.store(new File(['hello by a link'], 'link.txt'));
    return stored?.link;
  });
  expect(link?.startsWith(`${url}#/f/`)).toBe(true);
  expect(await saved(second, link ?? '', browser)).toBe('hello by a link');
  for (const { page, complaints } of tabs) {
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  }
}

/** What the page has at a link: in Chromium as the browser saves it; with Firefox Playwright sees no downloads. */
async function saved(page: Page, link: string, browser: Browser): Promise<string | undefined> {
  if (browser.browserType().name() === 'firefox')
    return page.evaluate(async (link) => (await (await window.tabring?.retrieve(link))?.blob())?.text(), link);
  await page.goto(link);
  const download = page.waitForEvent('download');
  await openedFile({ page }).getByRole('button', { name: 'Save' }).click();
  return readFile(await (await download).path(), 'utf8');
}

/** A proxy that shows the Discovery node below /tabring, and takes that off or leaves it. */
async function startProxy(discovery: DiscoveryNode, takesOff: boolean): Promise<{ url: string; server: Server }> {
  const pathOf = (url = '/'): string => (takesOff ? url.replace(/^\/tabring/, '') : url);
  const server = createServer((asked: IncomingMessage, response: ServerResponse) => {
    if (asked.url?.startsWith('/tabring') !== true) {
      response.writeHead(404).end('another site');
      return;
    }
    const { method, headers } = asked;
    const options = { host: '127.0.0.1', port: discovery.port, method, headers, path: pathOf(asked.url) };
    const onward = requestOf(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    asked.pipe(onward);
  });
  server.on('upgrade', (asked, socket, head) => {
    const onward = connect(discovery.port, '127.0.0.1', () => {
      const lines = asked.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
      onward.write(`GET ${pathOf(asked.url)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}/tabring/`, server };
}

/** The port on which it listens from now on. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('the page works under its policy, and violates none of it', async ({ browser }) => {
  const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR });
  await exchangesFiles(browser, `${discovery.url}/`);
  await discovery.close();
});

const noFirefox = whyNoFirefox();
test('so it does in Firefox', async () => {
  test.skip(noFirefox !== undefined, noFirefox);
  const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR });
  const fox = await firefox.launch(firefoxLaunch());
  await exchangesFiles(fox, `${discovery.url}/`);
  await fox.close();
  await discovery.close();
});

test('a foreign page cannot frame it', async ({ page }) => {
  const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR });
  const stranger = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><iframe src="${discovery.url}/"></iframe>`);
  });
  const port = await listening(stranger);
  await page.goto(`http://127.0.0.1:${port}/`);
  await expect.poll(() => page.frames().at(1)?.url()).toBe('chrome-error://chromewebdata/');
  expect(discovery.peers()).toBe(0);
  stranger.closeAllConnections();
  stranger.close();
  await discovery.close();
});

for (const takesOff of [true, false]) {
  test(`below a path that the proxy ${takesOff ? 'takes off' : 'leaves'}, page, socket and links work`, async ({
    browser,
  }) => {
    const basePath = takesOff ? '' : '/tabring';
    const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR, basePath });
    const proxy = await startProxy(discovery, takesOff);
    await exchangesFiles(browser, proxy.url);
    proxy.server.closeAllConnections();
    proxy.server.close();
    await discovery.close();
  });
}

test('an old page reloads by itself when a newer one is served, and keeps its id and its files', async ({
  browser,
}) => {
  const site = await mkdtemp(join(tmpdir(), 'tabring-site-'));
  await cp(STATIC_DIR, site, { recursive: true });
  let discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: site });
  const { page } = await watched(browser);
  // The first of all tabs to reload.
  await page.addInitScript(() => {
    Math.random = () => 0;
  });
  await page.goto(discovery.url);
  await page.waitForFunction(() => window.tabring?.status === 'active');
  const nodeId = await page.evaluate(() => window.tabring?.nodeId);
  const link = await page.evaluate(async () => {
    const stored = await window.tabring?.store(new File(['kept'], 'kept.txt'));
    return stored?.link ?? '';
  });

  await discovery.close();
  const newer = await makeNewer(site);
  discovery = await startDiscoveryNode({
    ...{ host: '127.0.0.1', staticDir: site, port: discovery.port, ring: discovery.ring },
  });
  await expect(page.getByText('There is a newer version of this page.')).toBeVisible();
  await page.waitForFunction((name) => document.querySelector(`script[src$="${name}"]`) !== null, newer);
  await page.waitForFunction(() => window.tabring?.status === 'active');
  expect(await page.evaluate(() => window.tabring?.nodeId)).toBe(nodeId);
  const text = await page.evaluate(
    async (link) => (await window.tabring?.retrieve(link))?.blob().then((b) => b.text()),
    link,
  );
  expect(text).toBe('kept');
  await page.context().close();
  await discovery.close();
  await rm(site, { recursive: true });
});
