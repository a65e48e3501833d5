// The page's files over real HTTP: types, encodings, caching, and nothing from outside the folder.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../server.ts';

let folder: string;
let node: DiscoveryNode;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-static-'));
  const site = join(folder, 'dist');
  await mkdir(join(site, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(site, '.hidden'), 'hidden');
  await writeFile(join(site, 'index.html'), '<!doctype html><title>Tabring</title>');
  await writeFile(join(site, 'assets', 'page-1a2b.js'), 'export {};');
  await writeFile(join(site, 'assets', 'page-1a2b.js.br'), 'as brotli');
  await writeFile(join(site, 'assets', 'page-1a2b.js.gz'), 'as gzip');
  await writeFile(join(site, 'icon.svg'), '<svg/>');
  await writeFile(join(site, 'empty.txt'), '');
  await writeFile(join(site, 'naïve 日本.txt'), 'ok');
  node = await startDiscoveryNode({ host: '127.0.0.1', staticDir: site });
});

afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true });
});

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request whose path is sent as it is: fetch would tidy up the dots. */
function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: node.port, path, method, headers }, (response) => {
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

test.each([
  ['/', 'text/html; charset=utf-8', 'no-cache', '<!doctype html><title>Tabring</title>'],
  ['/?id=3f', 'text/html; charset=utf-8', 'no-cache', '<!doctype html><title>Tabring</title>'],
  ['/index.html', 'text/html; charset=utf-8', 'no-cache', '<!doctype html><title>Tabring</title>'],
  [
    '/assets/page-1a2b.js',
    'application/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
    'export {};',
  ],
  ['/icon.svg', 'image/svg+xml', 'no-cache', '<svg/>'],
  ['/empty.txt', 'text/plain; charset=utf-8', 'no-cache', ''],
  [`/${encodeURIComponent('naïve 日本.txt')}`, 'text/plain; charset=utf-8', 'no-cache', 'ok'],
])('%s is served as %s', async (path, type, caching, body) => {
  const reply = await ask(path);
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe(type);
  expect(reply.headers['cache-control']).toBe(caching);
  expect(reply.headers['x-content-type-options']).toBe('nosniff');
  expect(reply.body).toBe(body);
});

test.each([
  ['gzip, deflate, br, zstd', 'br', 'as brotli'],
  ['gzip, deflate', 'gzip', 'as gzip'],
  ['GZIP;q=0.5', 'gzip', 'as gzip'],
  ['br;q=0, gzip;q=0.000', undefined, 'export {};'],
  ['zebra, gzipped', undefined, 'export {};'],
  [undefined, undefined, 'export {};'],
])('who takes %s gets %s', async (accepted, encoding, body) => {
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
  const reply = await ask('/assets/page-1a2b.js', 'GET', headers);
  expect(reply).toMatchObject({ status: 200, body });
  expect(reply.headers).toMatchObject({ vary: 'Accept-Encoding', 'content-length': String(body.length) });
  expect(reply.headers['content-type']).toBe('application/javascript; charset=utf-8');
  expect(reply.headers['content-encoding']).toBe(encoding);
  const again = await ask('/assets/page-1a2b.js', 'GET', { ...headers, 'if-none-match': String(reply.headers.etag) });
  expect(again).toMatchObject({ status: 304, body: '' });
  expect(again.headers).toMatchObject({ vary: 'Accept-Encoding' });
});

test('a file that was not compressed goes as it is', async () => {
  const reply = await ask('/icon.svg', 'GET', { 'accept-encoding': 'br, gzip' });
  expect(reply).toMatchObject({ status: 200, body: '<svg/>' });
  expect(reply.headers['content-encoding']).toBeUndefined();
});

test('a range, whatever it is, gets the whole', async () => {
  for (const range of ['bytes=0-3', 'bytes=5-2', 'bytes=-1', 'bytes=99-', 'rats=1']) {
    expect(await ask('/icon.svg', 'GET', { range })).toMatchObject({ status: 200, body: '<svg/>' });
  }
  expect(await ask('/icon.svg', 'GET', { 'if-match': '"another"' })).toMatchObject({ status: 412 });
});

test('an unchanged file is not sent again', async () => {
  const { headers } = await ask('/');
  const again = await ask('/', 'GET', { 'if-none-match': String(headers.etag) });
  expect(again).toMatchObject({ status: 304, body: '' });
});

test('HEAD has the headers alone', async () => {
  const reply = await ask('/', 'HEAD');
  expect(reply).toMatchObject({ status: 200, body: '' });
  expect(reply.headers['content-length']).toBe('37');
  expect(await ask('/nothing', 'HEAD')).toMatchObject({ status: 404, body: '' });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '//../secret.txt',
  '/.hidden',
  '/%00',
  '/%zz',
  '/c:/secret.txt',
])('%s leads nowhere', async (path) => {
  const reply = await ask(path);
  expect([400, 404]).toContain(reply.status);
  expect(reply.body).not.toMatch(/secret|hidden/);
});

test.each(['/nothing', '/assets', '/assets/', '/index.html/more', `/${'a'.repeat(5_000)}`])(
  '%s is not found',
  async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, body: 'Not found.\n' });
  },
);

test('only GET and HEAD are understood', async () => {
  const reply = await ask('/', 'POST');
  expect(reply.status).toBe(405);
  expect(reply.headers.allow).toBe('GET, HEAD');
});

test('a page that was not built says how to build it', async () => {
  const bare = await startDiscoveryNode({ host: '127.0.0.1', staticDir: join(folder, 'not-there') });
  const reply = await fetch(`${bare.url}/`);
  expect(reply.status).toBe(404);
  expect(await reply.text()).toContain('npm run build');
  await bare.close();
});
