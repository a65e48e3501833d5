// How answers are delivered: the headers of all kinds of them as one golden list, under which names, and below which paths.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { withSlash } from '../base-path.ts';
import { unknownHost } from '../known-hosts.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../server.ts';
import { loadTls } from '../tls.ts';

let site: string;
const nodes: DiscoveryNode[] = [];
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'tabring-delivery-'));
  await mkdir(join(site, 'assets'));
  await writeFile(join(site, 'index.html'), '<!doctype html><title>Tabring</title>');
  await writeFile(join(site, 'assets', 'page-1a2b.js'), 'export {};');
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});
afterAll(() => rm(site, { recursive: true }));

async function start(options: DiscoveryOptions = {}): Promise<DiscoveryNode> {
  const node = await startDiscoveryNode({ host: '127.0.0.1', staticDir: site, ...options });
  nodes.push(node);
  return node;
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask({ port, url }: DiscoveryNode, path: string, headers: Record<string, string> = {}): Promise<Reply> {
  const options: RequestOptions = { host: '127.0.0.1', port, path, headers };
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = url.startsWith('https')
      ? httpsRequest({ ...options, rejectUnauthorized: false })
      : httpRequest(options);
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Every header of every answer that concerns browsers' trust; a change here is a decision. */
const GOLDEN = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** Over plain http from another machine. */
const { 'cross-origin-opener-policy': _, ...GOLDEN_INSECURE } = GOLDEN;
/** Told by the kind of answer, and not about trust. */
const OTHERS = [
  ...['connection', 'keep-alive', 'date', 'content-length', 'content-type', 'transfer-encoding', 'cache-control'],
  ...['etag', 'last-modified', 'vary'],
];

function trustHeaders({ headers }: Reply): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OTHERS.includes(name)));
}

test.each([
  ['/', 200],
  ['/index.html', 200],
  ['/assets/page-1a2b.js', 200],
  ['/nothing', 404],
  ['/%zz', 400],
  ['/healthz', 200],
  ['/socket.io/?EIO=4&transport=polling', 200],
  ['/socket.io/?EIO=4&transport=pigeon', 400],
])('%s has the golden headers', async (path, status) => {
  const reply = await ask(await start(), path);
  expect(reply.status).toBe(status);
  expect(trustHeaders(reply)).toEqual(GOLDEN);
});

test('https is for keeps only under a name that the operator gave', async () => {
  const tls = await loadTls({ type: 'self-signed' });
  const visitors = { allowedOrigins: [], trustProxy: false, hostNames: ['ring.example'] };
  const node = await start({ tls, visitors });
  const strict = { ...GOLDEN, 'strict-transport-security': 'max-age=15552000' };
  for (const path of ['/', '/nothing', '/socket.io/?EIO=4&transport=polling']) {
    expect(trustHeaders(await ask(node, path, { host: `ring.example:${node.port}` }))).toEqual(strict);
    expect(trustHeaders(await ask(node, path, { host: `localhost:${node.port}` }))).toEqual(GOLDEN);
  }
  const behind = await start({ visitors: { ...visitors, trustProxy: true } });
  const forwarded = { host: 'ring.example', 'x-forwarded-proto': 'https' };
  expect(trustHeaders(await ask(behind, '/', forwarded))).toEqual(strict);
  expect(trustHeaders(await ask(behind, '/', { host: 'ring.example' }))).toEqual(GOLDEN_INSECURE);
  const open = await start({ visitors });
  expect(trustHeaders(await ask(open, '/', forwarded))).toEqual(GOLDEN);
});

test('over plain http browsers are told nothing that they would complain of', async () => {
  const node = await start();
  for (const host of ['192.168.1.20:8080', 'teachers-laptop.local', '0.0.0.0:8080'])
    expect(trustHeaders(await ask(node, '/', { host }))).toEqual(GOLDEN_INSECURE);
  for (const host of ['localhost:8080', '[::1]:8080', 'ring.localhost'])
    expect(trustHeaders(await ask(node, '/', { host }))).toEqual(GOLDEN);
});

test.each([
  ...['localhost:8080', 'LOCALHOST', 'localhost.', 'ring.localhost:1', '127.0.0.1:8080', '[::1]:8080', '192.168.1.20'],
  ...['203.0.113.9:8080', 'teachers-laptop.local:8080', 'teachers-laptop:8080', 'tabring_backend', hostname()],
  ...['ring.example.org', 'RING.example.org.:443'],
])('%s is a name of its own', (host) => {
  expect(unknownHost({ host }, { hostNames: ['ring.example.org'], trustProxy: false })).toBeUndefined();
});

test.each([
  ...['evil.example', 'ring.example.org.evil.example', 'localhost.evil.example', '192.168.1.20.evil.example'],
  ...['evillocal.example', '127.0.0.1@evil.example', 'a b', 'evil.example/localhost', '[::1', 'x'.repeat(300)],
])('%s is a stranger’s', (host) => {
  const isLong = host.length > 253;
  const rules = { hostNames: ['ring.example.org'], trustProxy: false };
  expect(unknownHost({ host: isLong ? `${host}.example` : host }, rules)).toBe(isLong ? `${host}.example` : host);
});

test('what a trusted proxy adds is asked beside the Host header, and of another it is nothing', () => {
  const headers = { host: '127.0.0.1:8080', 'x-forwarded-host': 'evil.example' };
  expect(unknownHost(headers, { trustProxy: true })).toBe('evil.example');
  expect(unknownHost(headers, { trustProxy: false })).toBeUndefined();
  const turned = { host: 'evil.example', 'x-forwarded-host': 'ring.example' };
  expect(unknownHost(turned, { hostNames: ['ring.example'], trustProxy: true })).toBe('evil.example');
});

test('a page of a foreign name that points here gets neither the page nor a socket, and it is told once', async () => {
  const lines: string[] = [];
  const node = await start({ log: (line) => lines.push(line) });
  const foreign = { host: `evil.example:${node.port}`, origin: `http://evil.example:${node.port}` };
  const reply = await ask(node, '/', foreign);
  const why =
    'This Discovery node does not know itself by the name evil.example: its operator adds --host-name evil.example.';
  expect(reply).toMatchObject({ status: 421, body: `${why}\n` });
  expect(trustHeaders(reply)).toEqual(GOLDEN_INSECURE);
  expect((await ask(node, '/healthz', foreign)).status).toBe(421);
  expect((await ask(node, '/socket.io/?EIO=4&transport=polling', foreign)).status).toBe(403);
  const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const asked = { ...foreign, ...upgrade, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  expect((await ask(node, '/socket.io/?EIO=4&transport=websocket', asked)).status).toBe(400);
  expect(lines).toEqual([why]);
  expect(await node.counters()).toMatchObject({ 'hosts-refused': 4 });
});

test('below a path it is found whether the proxy takes the path off or not', async () => {
  const node = await start({ basePath: '/tabring' });
  for (const base of ['', '/tabring']) {
    expect(await ask(node, `${base}/`)).toMatchObject({ status: 200, body: '<!doctype html><title>Tabring</title>' });
    expect(await ask(node, `${base}/?id=3f`)).toMatchObject({ status: 200 });
    expect(await ask(node, `${base}/assets/page-1a2b.js`)).toMatchObject({ status: 200, body: 'export {};' });
    expect((await ask(node, `${base}/healthz`)).status).toBe(200);
    for (const transport of ['polling', 'websocket']) {
      const socket = io(node.url, { path: `${base}/socket.io`, transports: [transport], forceNew: true });
      await new Promise((resolve) => socket.on('connect', () => resolve(undefined)));
      socket.disconnect();
    }
  }
  expect((await ask(node, '/tabringer/')).status).toBe(404);
  const bare = await ask(node, '/tabring?id=3f');
  expect(bare).toMatchObject({ status: 308, headers: { location: '/tabring/?id=3f' } });
});

test('only the bare path itself is completed', () => {
  expect(withSlash('/tabring', '/tabring')).toBe('/tabring/');
  expect(withSlash('/tabring/', '/tabring')).toBeUndefined();
  expect(withSlash('/tabringer', '/tabring')).toBeUndefined();
  expect(withSlash('', '')).toBeUndefined();
});

test('behind a proxy that does not hand the name on, pages of the given names are its own', async () => {
  const given = await start({ visitors: { allowedOrigins: [], trustProxy: false, hostNames: ['ring.example'] } });
  const nameless = await start();
  const polling = '/socket.io/?EIO=4&transport=polling';
  const origin = { origin: 'https://ring.example' };
  expect((await ask(given, polling, origin)).status).toBe(200);
  expect((await ask(nameless, polling, origin)).status).toBe(403);
  expect((await ask(given, polling, { origin: 'https://ring.example.evil.example' })).status).toBe(403);
});
