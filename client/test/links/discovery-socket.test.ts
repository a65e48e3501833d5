// The connection to the Discovery node through proxies: one that accepts WebSockets and is silent, one that refuses them, and
// below a path.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { type DiscoveryWire, openDiscoverySocket } from '../../src/links/discovery-socket.ts';

const BACKOFF = { least: 10, most: 50 };

let discovery: DiscoveryNode | undefined;
let proxy: Server | undefined;
let wire: DiscoveryWire | undefined;
afterEach(async () => {
  wire?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  await discovery?.close();
});

/** A proxy that hands requests on, and does with WebSockets as it is told. */
async function startProxy(upgrade: 'silent' | 'refused' | 'never answered'): Promise<string> {
  discovery = await startDiscoveryNode({ host: '127.0.0.1', basePath: '/tabring' });
  const { port } = discovery;
  const handOn = (asked: IncomingMessage, response: ServerResponse): void => {
    const { method, headers } = asked;
    const onward = request({ host: '127.0.0.1', port, method, headers, path: asked.url }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    asked.pipe(onward);
  };
  proxy = createServer(handOn);
  proxy.on('upgrade', ({ headers }, socket) => {
    socket.on('error', () => socket.destroy());
    if (upgrade === 'refused') socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    if (upgrade === 'silent') socket.write(switching(String(headers['sec-websocket-key'])));
  });
  const listening = proxy;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A server's yes to a WebSocket (RFC 6455, section 4.2.2). */
function switching(key: string): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  return `${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`;
}

/** Resolves with all that was told until it is connected and answered. */
async function said(url: string): Promise<readonly string[]> {
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    wire = openDiscoverySocket(url, BACKOFF, {
      connected: () => {
        told.push('connected');
        resolve();
      },
      lost: (message) => told.push(`lost: ${message}`),
      signal: () => told.push('signal'),
      removed: () => told.push('removed'),
    });
  });
  expect(await wire?.ask('hello', { version: 2 })).toMatchObject({ version: 2 });
  return told;
}

test.each(['silent', 'refused', 'never answered'] as const)(
  'a proxy whose WebSockets are %s is passed by polling, and nobody need be told',
  async (upgrade) => {
    expect(await said(await startProxy(upgrade))).toEqual(['connected']);
  },
);

test('it goes on by polling when the connection is begun anew', async () => {
  const url = await startProxy('silent');
  await said(url);
  const asked = new Promise<string>((resolve) => {
    proxy?.once('request', ({ url: path }) => resolve(String(path)));
    proxy?.once('upgrade', () => resolve('upgrade'));
  });
  wire?.reconnect();
  expect(await asked).toContain('transport=polling');
});

test('below a path it asks below that path', async () => {
  const url = await startProxy('refused');
  expect(await said(`${url}/tabring`)).toEqual(['connected']);
});
