// What monitors are told: that it lives, that it is of use, and how it goes; and who is told the latter.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_PEERS } from '../limits.ts';
import { maySeeMetrics, problemsFor } from '../operations.ts';
import { watchProcess } from '../process-metrics.ts';
import type { DiscoveryOptions } from '../server.ts';
import { type Bench, disconnected, emitRaw, register, startBench, tryRegister } from './support.ts';

const TOKEN = 'sixteen-characters';
const PLAIN = { rules: { allowedOrigins: [], trustProxy: false }, basePath: '', metricsToken: undefined };

const benches: Bench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()));
});

async function start(options: DiscoveryOptions = {}): Promise<Bench> {
  const bench = await startBench({ params: { digits: 4 }, ...options });
  benches.push(bench);
  return bench;
}

async function ask(url: string, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${path}`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** The samples of the exposition format, by name and labels. */
async function samples(url: string, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const { status, type, text } = await ask(url, '/metrics', headers);
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

test('metrics tell who is here, who came and went and why, what was relayed and what refused', async () => {
  let now = 0;
  const { node, connect, lines } = await start({ now: () => now });
  const [first, second, third] = [await connect(), await connect(), await connect()];
  const { nodeId } = await register(first, { wantedId: 'a' });
  await register(second, { wantedId: 'b' });
  await register(third, { role: 'client' });
  await second.emitWithAck('signal', { to: nodeId, signal: 'x' });
  await second.emitWithAck('signal', { to: 'ffff', signal: 'x' });
  await second.emitWithAck('sponsor');
  emitRaw(second, 'shout');
  await tryRegister(third, { role: 'client', wantedId: 'a' });
  const gone = disconnected(first);
  first.disconnect();
  await gone;
  await lines.matching(/^removed a000: disconnected/);
  emitRaw(second, 'leave', {});
  await lines.matching(/^removed b000: left/);
  now += 7;
  const told = await samples(node.url);
  expect(Object.fromEntries(told)).toMatchObject({
    tabring_registered_nodes: 0,
    tabring_registered_clients: 1,
    tabring_sockets: 2,
    'tabring_registrations_total{role="node"}': 2,
    'tabring_removals_total{reason="disconnected"}': 1,
    'tabring_removals_total{reason="left"}': 1,
    tabring_relayed_signals_total: 1,
    tabring_sponsor_requests_total: 1,
    'tabring_refusals_total{reason="unknown-peer"}': 1,
    'tabring_refusals_total{reason="unknown-event"}': 1,
    'tabring_answer_seconds_count{event="signal"}': 2,
    'tabring_answer_seconds_bucket{le="0.0005",event="signal"}': 2,
  });
});

test('how long an answer took is told by event', async () => {
  let now = 0;
  const { node, connect } = await start({ now: () => (now += 300) });
  await register(await connect());
  const told = await samples(node.url);
  expect(told.get('tabring_answer_seconds_bucket{le="0.25",event="hello"}')).toBe(0);
  expect(told.get('tabring_answer_seconds_count{event="hello"}')).toBe(1);
  expect(told.get('tabring_answer_seconds_sum{event="register"}')).toBeGreaterThan(0.3);
});

test('the process is told of too: processor, memory, and how the event loop lags', async () => {
  const registry = new Registry();
  watchProcess(registry);
  const text = await registry.metrics();
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds'])
    expect(text).toContain(`# TYPE ${name} `);
});

describe('metrics', () => {
  test('are for this machine', () => {
    for (const near of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(maySeeMetrics({}, near, PLAIN)).toBe(true);
    for (const far of ['192.168.1.20', '203.0.113.9', 'fe80::1', '::ffff:10.0.0.1', ''])
      expect(maySeeMetrics({}, far, PLAIN)).toBe(false);
  });

  test.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'])(
    'are not for who comes through a proxy on it, which %s tells',
    (name) => {
      expect(maySeeMetrics({ [name]: 'x' }, '127.0.0.1', PLAIN)).toBe(false);
    },
  );

  test('are for nobody without a token if the options tell of a proxy', () => {
    const { rules } = PLAIN;
    for (const parts of [
      { ...PLAIN, basePath: '/tabring' },
      ...[{ trustProxy: true }, { hostNames: ['ring.example'] }, { allowedOrigins: ['https://ring.example'] }].map(
        (more) => ({ ...PLAIN, rules: { ...rules, ...more } }),
      ),
    ]) {
      expect(maySeeMetrics({}, '127.0.0.1', parts)).toBe(false);
      const authorization = `Bearer ${TOKEN}`;
      expect(maySeeMetrics({ authorization }, '203.0.113.9', { ...parts, metricsToken: TOKEN })).toBe(true);
    }
  });

  test('are for nobody with a wrong token, not even here', async () => {
    const { node } = await start({ metricsToken: TOKEN });
    const wrong = await ask(node.url, '/metrics', { authorization: `Bearer ${TOKEN}s` });
    expect(wrong.status).toBe(403);
    expect(wrong.text).not.toContain('tabring_');
    const { node: open } = await start();
    expect((await ask(open.url, '/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(403);
    expect((await samples(node.url, { authorization: `Bearer ${TOKEN}` })).has('tabring_sockets')).toBe(true);
  });
});

test('/healthz says that it lives, and gives nothing away but how many there are', async () => {
  const { node, connect } = await start({ now: () => 5_000 });
  await register(await connect());
  const { status, type, text } = await ask(node.url, '/healthz');
  expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
  expect(JSON.parse(text)).toEqual({ status: 'ok', peers: 1, uptimeSeconds: 0 });
});

test('/readyz says whether newcomers are welcome, and why not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tabring-ready-'));
  try {
    const { node } = await start({ staticDir: folder });
    const bare = await ask(node.url, '/readyz');
    expect(bare.status).toBe(503);
    expect(JSON.parse(bare.text)).toEqual({ status: 'not ready', problems: ['the page is not built'] });
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    const built = await ask(node.url, '/readyz');
    expect(built.status).toBe(200);
    expect(JSON.parse(built.text)).toEqual({ status: 'ready', problems: [] });
    expect(problemsFor(MAX_PEERS - 1, folder)).toEqual([]);
    expect(problemsFor(MAX_PEERS, folder)).toEqual(['it has as many tabs as it can bear']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
