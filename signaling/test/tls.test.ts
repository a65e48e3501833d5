// Serving https: with a certificate made on the spot, or the operator's own; and what a serving process prints.

import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanAddresses, qrLines } from '../lan.ts';
import { startDiscoveryNode } from '../server.ts';
import { loadTls, type Tls } from '../tls.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let directory: string;
let tls: Tls;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-tls-'));
  tls = await loadTls({ type: 'self-signed' });
});
afterAll(() => rm(directory, { recursive: true }));

/** The status of a page fetched over https by somebody who trusts `ca`. */
function status(url: string, ca: string): Promise<number | string> {
  return new Promise((resolve) => {
    get(url, { ca }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', (error) =>
      resolve(error.message),
    );
  });
}

describe('a certificate made on the spot', () => {
  test('is for this machine, by all its names and addresses, and for a month', () => {
    const certificate = new X509Certificate(tls.cert);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    for (const address of ['127.0.0.1', ...lanAddresses()]) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.ca).toBe(false);
    expect(certificate.fingerprint256).toBe(tls.fingerprint);
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  test('serves pages and tabs', async () => {
    const node = await startDiscoveryNode({ host: '127.0.0.1', tls });
    expect(node.url).toBe(`https://127.0.0.1:${node.port}`);
    expect(await status(`${node.url}/healthz`, tls.cert)).toBe(200);
    expect(await status(`${node.url}/healthz`, '')).toMatch(/self.signed/);
    const socket = io(node.url, { ca: tls.cert, transports: ['websocket'], reconnection: false });
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', resolve);
      socket.on('connect_error', reject);
    });
    socket.disconnect();
    await node.close();
  });
});

describe('the operator’s certificate', () => {
  test('is read from its files; what is none is told in one line', async () => {
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    await writeFile(cert, tls.cert);
    await writeFile(key, tls.key);
    expect(await loadTls({ type: 'files', cert, key })).toEqual(tls);
    await expect(loadTls({ type: 'files', cert, key: join(directory, 'none') })).rejects.toThrow(/none cannot be read/);
    await expect(loadTls({ type: 'files', cert, key: cert })).rejects.toThrow(/are no certificate and its key/);
    const other = await loadTls({ type: 'self-signed' });
    await writeFile(key, other.key);
    await expect(loadTls({ type: 'files', cert, key })).rejects.toThrow(/are no certificate and its key/);
  });
});

test('a QR code has the three large squares that readers look for', () => {
  const lines = qrLines('https://192.168.1.17:8080');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.length).toBeGreaterThan(12);
  expect(lines.join('')).toMatch(/^[ ▀▄█]+$/);
});

describe('a serving process', () => {
  /** What it prints until `text` is in it; it is stopped then. */
  function printed(args: readonly string[], text: string): Promise<{ readonly output: string; readonly code: number }> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--port', '0', ...args], { stdio: 'pipe' });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk;
      if (output.includes(text)) child.kill('SIGTERM');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    return new Promise((resolve) => child.on('close', (code) => resolve({ output, code: code ?? -1 })));
  }

  test('prints its addresses, fingerprint and QR code for a LAN', async () => {
    const { output, code } = await printed(['--https'], 'Ctrl+C stops it');
    expect(output).toMatch(/^Tabring is ready: https:\/\/localhost:\d+\n/);
    expect(output).toMatch(/\n {2}([0-9A-F]{2}:){31}[0-9A-F]{2}\n/);
    const isOnLan = lanAddresses().length > 0;
    expect(/\n {2}from other machines: https:\/\//.test(output)).toBe(isOnLan);
    expect(output.includes('▀▀▀')).toBe(isOnLan);
    expect(code).toBe(0);
  });

  test('logs JSON if told to', async () => {
    const { output } = await printed(['--host', '127.0.0.1', '--log', 'json'], '"ready"');
    const lines: unknown[] = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 30, event: 'ready', msg: 'ready', time: expect.any(String) }),
    );
  });

  test('says in one line that its certificate is none, and ends with 1', async () => {
    const args = ['--tls-cert', '/nowhere/cert.pem', '--tls-key', '/nowhere/key.pem'];
    const { output, code } = await printed(args, 'no such text');
    expect(output).toMatch(/^tabring: cannot serve https: \/nowhere\/cert\.pem cannot be read: ENOENT.*\n$/);
    expect(code).toBe(1);
  });
});
