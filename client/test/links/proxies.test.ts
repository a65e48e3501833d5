// The Discovery node behind real web servers, with the settings that docs/deploy.md gives: page, compressed files, WebSockets,
// or polling where they pass none. nginx and Caddy are found on the machine, or where TABRING_NGINX and TABRING_CADDY say.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { type DiscoveryWire, openDiscoverySocket } from '../../src/links/discovery-socket.ts';
import { deployExample, findWebServer, startCaddy, startNginx, type WebServer } from '../support/web-server.ts';

const NGINX = findWebServer('nginx');
const CADDY = findWebServer('caddy');

let folder: string;
let discovery: DiscoveryNode;
let server: WebServer | undefined;
let wire: DiscoveryWire | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-proxy-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>Tabring</title>');
  await writeFile(join(folder, 'dist', 'assets', 'a-1234.js'), 'export {};');
  await writeFile(join(folder, 'dist', 'assets', 'a-1234.js.gz'), gzipSync('export {};'));
});
afterEach(async () => {
  wire?.close();
  await server?.stop();
  server = undefined;
  await discovery.close();
  await rm(folder, { recursive: true, force: true });
});

async function startDiscovery(basePath = ''): Promise<string> {
  const visitors = { allowedOrigins: [], trustProxy: true, hostNames: ['ring.example.org'] };
  discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: join(folder, 'dist'), visitors, basePath });
  return `127.0.0.1:${discovery.port}`;
}

/** nginx in front, with these locations. */
async function inNginx(locations: string): Promise<string> {
  server = await startNginx(NGINX ?? '', folder, locations);
  return `http://localhost:${server.port}`;
}

/** The page and its parts come through, with headers and encodings as they left; so does the link without its last slash. */
async function expectPage(url: string): Promise<void> {
  for (const address of [url, `${url}/`]) {
    const page = await fetch(address);
    expect([page.status, page.url]).toEqual([200, `${url}/`]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<title>Tabring</title>');
  }
  const script = await fetch(`${url}/assets/a-1234.js`, { headers: { 'accept-encoding': 'gzip' } });
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(await script.text()).toBe('export {};');
}

/** Connects as tabs and commands do. */
async function expectSocket(url: string): Promise<void> {
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    wire = openDiscoverySocket(
      url,
      { least: 10, most: 50 },
      {
        connected: resolve,
        lost: (message) => told.push(message),
        signal: () => told.push('signal'),
        removed: () => told.push('removed'),
      },
    );
  });
  expect(told).toEqual([]);
  expect(await wire?.ask('hello', { version: 2 })).toMatchObject({ version: 2 });
}

/** What comes of a WebSocket alone, opened by a page of this origin. */
function webSocket(url: string): Promise<string> {
  const { origin, pathname } = new URL('socket.io', `${url}/`);
  const extraHeaders = { origin: 'https://ring.example.org' };
  const socket = io(origin, { path: pathname, transports: ['websocket'], reconnection: false, extraHeaders });
  return new Promise<string>((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('connect_error', (error) => resolve(error.message));
  }).finally(() => socket.disconnect());
}

const withNginx = NGINX === undefined ? 'skipped, as there is no nginx here: apt-get install nginx' : 'nginx';
const withCaddy = CADDY === undefined ? 'skipped, as there is no Caddy here: apt-get install caddy' : 'Caddy';

test.skipIf(NGINX === undefined)(`below a path that is taken off (${withNginx})`, async () => {
  const at = await startDiscovery();
  const locations = await deployExample('nginx', { '127.0.0.1:8080': at });
  const url = `${await inNginx(locations)}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});

test.skipIf(NGINX === undefined)(`below a path that is left (${withNginx})`, async () => {
  const at = await startDiscovery('/tabring');
  const locations = await deployExample('nginx', { '127.0.0.1:8080/;': `${at};` });
  const url = `${await inNginx(locations)}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});

test.skipIf(NGINX === undefined)(`with nothing but proxy_pass, by polling (${withNginx})`, async () => {
  const at = await startDiscovery();
  const url = await inNginx(`location / { proxy_pass http://${at}; }`);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('websocket error');
  const polled = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: 'https://ring.example.org' },
  });
  expect(polled.status).toBe(200);
});

test.skipIf(CADDY === undefined)(`below a path (${withCaddy})`, async () => {
  const at = await startDiscovery();
  server = await startCaddy(CADDY ?? '', folder, (port) =>
    deployExample('caddy', { 'ring.example.org': `http://localhost:${port}`, '127.0.0.1:8080': at }),
  );
  const url = `http://localhost:${server.port}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});
