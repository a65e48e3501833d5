// The whole of Tabring behind real nginx and Caddy: at the root and below a path, with TLS that ends there, with the settings of
// docs/deploy.md, with none, and where no upgrade passes. In each case the page comes as it left, two tabs form a ring and hand a
// file over, and the command line stores and retrieves.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, expect, type Page, test } from 'playwright/test';
import { Command, type Ended } from '../../client/test/node/command.ts';
import {
  type CertificateFiles,
  deployExample,
  startCaddy,
  startNginx,
  type WebServer,
} from '../../client/test/support/web-server.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../signaling/server.ts';
import { loadTls } from '../../signaling/tls.ts';
import { bytesOf, expected, fetchIn, storeIn, type TestFile } from '../support/files.ts';
import { isActive, newTab, type Tab } from '../support/ring.ts';
import { getWebServer } from './web-servers.ts';

const STATIC_DIR = fileURLToPath(new URL('../../dist', import.meta.url));
const FILE: TestFile = { name: 'a table.csv', type: 'text/csv', size: 3_000_000, seed: 7 };
const TEXT = 'by the command line\n';
/** From the page's first byte to the ring, polling too: a WebSocket that is silent is given up after four, milliseconds. */
const JOIN_MS = 10_000;

interface Case {
  readonly name: string;
  readonly server: 'nginx' | 'caddy';
  /** Below which it is shown; '': the root. */
  readonly path: '' | '/tabring';
  /** What the web server does not take off. */
  readonly basePath?: '/tabring';
  readonly transport: 'websocket' | 'polling';
  /** The web server does not say that its visitors came by https. */
  readonly hidesHttps?: true;
  /** Of the web server, for the Discovery node `at` this host and port. */
  readonly settings: (at: string, tls: CertificateFiles, port: number) => string | Promise<string>;
}

const CASES: readonly Case[] = [
  {
    ...{ name: 'nginx as docs/deploy.md has it, below a path that it takes off', server: 'nginx', path: '/tabring' },
    transport: 'websocket',
    settings: (at) => deployExample('nginx', { '127.0.0.1:8080': at }),
  },
  {
    ...{ name: 'nginx as docs/deploy.md has it, below a path that it leaves', server: 'nginx', path: '/tabring' },
    ...{ transport: 'websocket', basePath: '/tabring' },
    settings: (at) => deployExample('nginx', { '127.0.0.1:8080/;': `${at};` }),
  },
  {
    ...{ name: 'nginx as docs/deploy.md has it, at the root', server: 'nginx', path: '', transport: 'websocket' },
    settings: (at) => deployExample('nginx', { '127.0.0.1:8080': at, 'location /tabring/': 'location /' }),
  },
  {
    ...{ name: 'nginx with nothing but proxy_pass, at the root', server: 'nginx', path: '', transport: 'polling' },
    hidesHttps: true,
    settings: (at) => `location / { proxy_pass http://${at}; }`,
  },
  {
    ...{ name: 'nginx with nothing but proxy_pass, below a path', server: 'nginx', path: '/tabring' },
    ...{ transport: 'polling', hidesHttps: true },
    settings: (at) => `location /tabring/ { proxy_pass http://${at}/; }`,
  },
  {
    ...{ name: 'Caddy as docs/deploy.md has it, below a path', server: 'caddy', path: '/tabring' },
    transport: 'websocket',
    settings: async (at, tls, port) =>
      withTls(
        await deployExample('caddy', { 'ring.example.org': `https://localhost:${port}`, '127.0.0.1:8080': at }),
        tls,
      ),
  },
  {
    ...{ name: 'Caddy with nothing but reverse_proxy, at the root', server: 'caddy', path: '', transport: 'websocket' },
    settings: (at, tls, port) => withTls(`https://localhost:${port} {\n\treverse_proxy ${at}\n}\n`, tls),
  },
  {
    ...{ name: 'Caddy that takes upgrades off', server: 'caddy', path: '', transport: 'polling' },
    settings: (at, tls, port) =>
      withTls(
        `https://localhost:${port} {\n\treverse_proxy ${at} {\n\t\theader_up -Upgrade\n\t\theader_up -Connection\n\t}\n}\n`,
        tls,
      ),
  },
];

/** A site with this certificate, in place of one that Caddy would ask an authority for. */
function withTls(site: string, { cert, key }: CertificateFiles): string {
  return site.replace('{\n', `{\n\ttls ${cert} ${key}\n`);
}

let folder: string;
let tls: CertificateFiles;
let ca: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-proxies-'));
  const { cert, key } = await loadTls({ type: 'self-signed' });
  tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  ca = cert;
  await writeFile(tls.cert, cert);
  await writeFile(tls.key, key, { mode: 0o600 });
  // What commands trust beside the authorities of the machine.
  process.env.NODE_EXTRA_CA_CERTS = tls.cert;
});
test.afterAll(() => rm(folder, { recursive: true }));

const programs = { nginx: getWebServer('nginx'), caddy: getWebServer('caddy') };

for (const each of CASES) {
  test(each.name, async ({ browser }) => {
    const { program = '', why } = programs[each.server];
    test.skip(why !== undefined, why);
    const visitors = { allowedOrigins: [], trustProxy: true, hostNames: ['localhost'] };
    const { basePath = '' } = each;
    const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR, visitors, basePath });
    let front: WebServer | undefined;
    try {
      front = await startFront(each, program, `127.0.0.1:${discovery.port}`);
      const url = `https://localhost:${front.port}${each.path}`;
      await test.step('the page comes as it left', () => pageComes(url, each));
      await test.step('two tabs exchange a file, the command line too', () => works(browser, url, each, discovery));
    } finally {
      await front?.stop();
      await discovery.close();
    }
  });
}

async function startFront(each: Case, program: string, at: string): Promise<WebServer> {
  const own = join(folder, each.name.replaceAll(/\W/g, '-'));
  await mkdir(own);
  return each.server === 'nginx'
    ? startNginx(program, own, await each.settings(at, tls, 0), tls)
    : startCaddy(program, own, (port) => each.settings(at, tls, port));
}

/** With its policy and in brotli, its scripts too, and these for ever; a path without its last slash leads to it. */
async function pageComes(url: string, { hidesHttps }: Case): Promise<void> {
  const page = await get(`${url}/`);
  expect(page).toMatchObject({ status: 200, encoding: 'br', cached: 'no-cache' });
  expect(page.policy).toContain("default-src 'none'");
  expect(String(page.strictTransport)).toContain(hidesHttps === true ? 'undefined' : 'max-age=');
  const html = await readFile(join(STATIC_DIR, 'index.html'), 'utf8');
  const script = /assets\/index-[\w-]+\.js/.exec(html)?.[0];
  const forEver = 'public, max-age=31536000, immutable';
  expect(await get(`${url}/${script}`)).toMatchObject({ status: 200, encoding: 'br', cached: forEver });
  expect(await get(`${url}/${script}`, 'gzip')).toMatchObject({ status: 200, encoding: 'gzip' });
  if (new URL(url).pathname !== '/') expect((await get(url)).location).toMatch(/\/tabring\/$/);
}

function get(url: string, encodings = 'br, gzip'): Promise<Record<string, string | number | undefined>> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, headers: { 'accept-encoding': encodings } }, (answer) => {
      const { headers, statusCode } = answer;
      answer.resume().on('end', () =>
        resolve({
          ...{ status: statusCode, location: headers.location, encoding: headers['content-encoding'] },
          ...{ cached: headers['cache-control'], strictTransport: headers['strict-transport-security'] },
          policy: String(headers['content-security-policy']),
        }),
      );
    });
    asked.on('error', reject).end();
  });
}

async function works(browser: Browser, url: string, { transport }: Case, discovery: DiscoveryNode): Promise<void> {
  const tabs: Tab[] = [];
  try {
    for (let opened = 0; opened < 2; opened += 1) {
      const tab = await newTab(
        browser,
        { explained: (work) => work.then(() => undefined) },
        { ignoreHTTPSErrors: true },
      );
      tabs.push(tab);
      const transports = transportsOf(tab.page);
      const startedAt = performance.now();
      await tab.page.goto(`${url}/`);
      await isActive(tab);
      expect(performance.now() - startedAt).toBeLessThan(JOIN_MS);
      expect(transports()).toBe(transport);
    }
    const [first, second] = tabs;
    if (first === undefined || second === undefined) throw new Error('no tabs');
    const { link } = await storeIn(first, FILE);
    expect(link.startsWith(`${url}/#/f/`)).toBe(true);
    expect(await fetchIn(second, link)).toEqual(expected(FILE));
    const stored = await storedByCommand(url);
    expect(await fetchIn(second, stored)).toMatchObject({ name: 'cli.txt', size: TEXT.length });
    const retrieved = await tabring(url, 'retrieve', link, '--json');
    expect(retrieved).toMatchObject({ code: 0, stderr: '' });
    expect((await readFile(join(folder, FILE.name))).equals(bytesOf(FILE))).toBe(true);
    await rm(join(folder, FILE.name));
    expect(Object.keys(await discovery.counters()).filter((name) => name.endsWith('-refused'))).toEqual([]);
    // A WebSocket that is refused is told by the browser itself, whatever the page does about it.
    const isOwn = (words: string): boolean => !/WebSocket connection to .* failed/.test(words);
    for (const { complaints } of tabs) expect(complaints.filter(isOwn)).toEqual([]);
  } finally {
    for (const { context } of tabs) await context.close();
  }
}

async function storedByCommand(url: string): Promise<string> {
  await writeFile(join(folder, 'cli.txt'), TEXT);
  const stored = await tabring(url, 'store', join(folder, 'cli.txt'), '--json');
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  const [{ link }] = JSON.parse(stored.stdout).files;
  expect(link.startsWith(`${url}/#/f/`)).toBe(true);
  return link;
}

function tabring(url: string, ...args: readonly string[]): Promise<Ended> {
  return new Command(url, args, { cwd: folder, input: '' }).ended;
}

/** How a page talks to the Discovery node: a WebSocket counts once something has come over it. */
function transportsOf(page: Page): () => string {
  let isWebSocket = false;
  page.on('websocket', (socket) => {
    socket.on('framereceived', () => {
      isWebSocket = true;
    });
  });
  return () => (isWebSocket ? 'websocket' : 'polling');
}
