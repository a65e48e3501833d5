// The Discovery node behind real web servers, with the settings that docs/deploy.md gives: page, compressed files, WebSockets,
// or polling where they pass none. nginx and Caddy are found on the machine, or where TABRING_NGINX and TABRING_CADDY say.

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { type DiscoveryWire, openDiscoverySocket } from '../../src/links/discovery-socket.ts';

const DEPLOY = fileURLToPath(new URL('../../../docs/deploy.md', import.meta.url));
const NGINX = findProgram('nginx');
const CADDY = findProgram('caddy');

let folder: string;
let discovery: DiscoveryNode;
let server: ChildProcess | undefined;
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
  await stopped(server);
  server = undefined;
  await discovery.close();
  await rm(folder, { recursive: true, force: true });
});

/** Where a program is; undefined: it is not installed. */
function findProgram(name: string): string | undefined {
  const given = process.env[`TABRING_${name.toUpperCase()}`];
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return [...(given === undefined ? [] : [given]), ...folders.map((each) => join(each, name))].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
  });
}

/** The example in this language, with what it names replaced. */
async function example(language: string, replaced: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(DEPLOY, 'utf8');
  const block = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(text)?.[1];
  if (block === undefined) throw new Error(`docs/deploy.md has no example in ${language}`);
  return Object.entries(replaced).reduce((sum, [from, to]) => sum.replaceAll(from, to), block);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function startDiscovery(basePath = ''): Promise<string> {
  const visitors = { allowedOrigins: [], trustProxy: true, hostNames: ['ring.example.org'] };
  discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: join(folder, 'dist'), visitors, basePath });
  return `127.0.0.1:${discovery.port}`;
}

/** Runs nginx with these locations; resolves when it answers. */
async function runNginx(program: string, locations: string): Promise<string> {
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${each};`);
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid nginx.pid; error_log error.log; events {}
     http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port}; ${locations} } }`,
  );
  return run(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], port);
}

async function run(program: string, args: readonly string[], port: number): Promise<string> {
  // Caddy wants a home to keep things in.
  const environment = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  server = spawn(program, args, { cwd: folder, stdio: 'ignore', env: environment });
  const url = `http://localhost:${port}`;
  await expect.poll(() => isAnswering(url), { timeout: 120_000 }).toBe(true);
  return url;
}

/** In good order: nginx's workers outlive a master that is killed. */
async function stopped(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}

function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
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
  const locations = await example('nginx', { '127.0.0.1:8080': at });
  const url = `${await runNginx(NGINX ?? '', locations)}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});

test.skipIf(NGINX === undefined)(`below a path that is left (${withNginx})`, async () => {
  const at = await startDiscovery('/tabring');
  const locations = await example('nginx', { '127.0.0.1:8080/;': `${at};` });
  const url = `${await runNginx(NGINX ?? '', locations)}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});

test.skipIf(NGINX === undefined)(`with nothing but proxy_pass, by polling (${withNginx})`, async () => {
  const at = await startDiscovery();
  const url = await runNginx(NGINX ?? '', `location / { proxy_pass http://${at}; }`);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('websocket error');
  const polled = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: 'https://ring.example.org' },
  });
  expect(polled.status).toBe(200);
});

test.skipIf(CADDY === undefined)(`below a path (${withCaddy})`, async () => {
  const at = await startDiscovery();
  const port = await freePort();
  const config = await example('caddy', { 'ring.example.org': `http://localhost:${port}`, '127.0.0.1:8080': at });
  await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${config}`);
  const url = `${await run(CADDY ?? '', ['run', '--config', 'Caddyfile'], port)}/tabring`;
  await expectPage(url);
  await expectSocket(url);
  expect(await webSocket(url)).toBe('connected');
});
