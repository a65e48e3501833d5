// Why a Discovery node cannot be reached: what can be told apart is, with what to do about it.

import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { loadTls } from '../../../signaling/tls.ts';
import { whyUnreachable } from '../../src/node/why-unreachable.ts';

let plain: DiscoveryNode;
let secure: DiscoveryNode;
let other: Server;
beforeAll(async () => {
  plain = await startDiscoveryNode({ host: '127.0.0.1' });
  secure = await startDiscoveryNode({ host: '127.0.0.1', tls: await loadTls({ type: 'self-signed' }) });
  other = createServer((_, response) => response.writeHead(404).end('Not here.')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
});
afterAll(async () => {
  await Promise.all([plain.close(), secure.close()]);
  other.close();
});

function why(server: string): ReturnType<typeof whyUnreachable> {
  return whyUnreachable(server, new AbortController().signal);
}

test('one that answers is reached, whatever else is wrong', async () => {
  expect(await why(plain.url)).toBeUndefined();
});

test('a ring that is not there is told from its Discovery node', async () => {
  expect(await why(`${plain.url}/r/nowhere`)).toEqual({
    why: 'there is no ring of this name',
    todo: 'check the name, or name another with --ring',
  });
});

test('http and https are told apart, both ways', async () => {
  const asHttps = plain.url.replace('http:', 'https:');
  expect(await why(asHttps)).toEqual({ why: 'it speaks http', todo: `name it with --server ${plain.url}` });
  const asHttp = secure.url.replace('https:', 'http:');
  expect(await why(asHttp)).toEqual({ why: 'it speaks https', todo: `name it with --server ${secure.url}` });
});

test('a certificate that is not trusted is told', async () => {
  expect(await why(secure.url)).toMatchObject({
    why: expect.stringMatching(/^its certificate is not trusted here: \w+$/),
    todo: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
});

test('nobody, a name that nobody has, and another server', async () => {
  expect(await why('http://127.0.0.1:1')).toMatchObject({
    why: 'nothing listens there',
    todo: expect.stringContaining('"tabring serve"'),
  });
  // Where there is no network, nobody can say that there is no such name.
  expect(await why('http://nobody.invalid')).toMatchObject({
    why: expect.stringMatching(
      /^(no host is called nobody\.invalid|the name nobody\.invalid cannot be looked up now)$/,
    ),
  });
  const address = other.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  expect(await why(`http://127.0.0.1:${address.port}`)).toMatchObject({
    why: 'what answers there is no Discovery node, or cannot reach it: status 404',
  });
});
