// What runs on the public machine between the homes: the Discovery node, and coturn as STUN and TURN server. Both as an
// operator starts them (docs/networks.md).

import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Command } from '../../client/test/node/command.ts';
import { within } from './namespaces.ts';
import { PUBLIC_ADDRESS } from './two-homes.ts';

const MAIN = fileURLToPath(new URL('../../signaling/main.ts', import.meta.url));
const PORT = 8080;
const SECOND_PORT = 8081;
const REDIS_PORT = 6379;
const TURN_PORT = 3478;
const SECRET = 'only-for-tests';
/** Where it passes nothing on to: it would be a way into the network that it stands in. */
const PRIVATE_ADDRESSES = ['10.0.0.0-10.255.255.255', '172.16.0.0-172.31.255.255', '192.168.0.0-192.168.255.255'];
/** In its log, once it listens. */
const COTURN_READY = 'Total General servers';

/** What of the TURN server's services tabs are told. none: not even of the server. */
export type Ice = 'stun' | 'turn' | 'none';

/** Where tabs find the Discovery node, and a second one of the same ring where there is one. */
export const DISCOVERY_URL = urlOf(PORT);
export const SECOND_URL = urlOf(SECOND_PORT);

const ICE_OPTIONS: Readonly<Record<Ice, readonly string[]>> = {
  none: [],
  stun: ['--stun', `stun:${PUBLIC_ADDRESS}:${TURN_PORT}`],
  turn: [
    ...['--stun', `stun:${PUBLIC_ADDRESS}:${TURN_PORT}`],
    ...['--turn', `turn:${PUBLIC_ADDRESS}:${TURN_PORT}?transport=udp`],
    ...['--turn', `turn:${PUBLIC_ADDRESS}:${TURN_PORT}?transport=tcp`],
    ...['--turn-secret', SECRET],
  ],
};

/** Why there is no TURN server here; undefined if there is one. */
export function whyNoTurn(): string | undefined {
  try {
    execFileSync('turnserver', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    if (error instanceof Error) return 'no TURN server here: apt-get install coturn';
    throw error;
  }
}

function urlOf(port: number): string {
  return `http://${PUBLIC_ADDRESS}:${port}`;
}

export interface ServerOptions {
  readonly ice: Ice;
  /** Megabytes a second that each Discovery node carries as a last resort; undefined: it carries nothing. */
  readonly relayRate?: number | undefined;
  /** Two Discovery nodes on one Redis. */
  readonly areTwo?: boolean | undefined;
}

/** Starts the servers; they end with their namespace. */
export async function startServers(
  namespace: string,
  { ice, relayRate, areTwo = false }: ServerOptions,
): Promise<void> {
  if (ice !== 'none') await startCoturn(namespace);
  const relay = relayRate === undefined ? [] : ['--relay', '--relay-rate', String(relayRate)];
  const options = [...ICE_OPTIONS[ice], ...relay];
  // A ring of its own: what an earlier one remembers of ids is of no interest.
  const folder = mkdtempSync(join(tmpdir(), 'tabring-nat-'));
  const ringKey = join(folder, 'ring-key.json');
  if (!areTwo) return startDiscovery(namespace, PORT, ['--ring-key', ringKey, ...options]);
  const redis = ['--redis', await startRedis(namespace, folder)];
  await startDiscovery(namespace, PORT, ['--ring-key', ringKey, ...redis, ...options]);
  const copy = join(folder, 'copy.json');
  copyFileSync(ringKey, copy);
  await startDiscovery(namespace, SECOND_PORT, ['--ring-key', copy, ...redis, ...options]);
}

function startDiscovery(namespace: string, port: number, options: readonly string[]): Promise<void> {
  const program = ['--import', 'tsx', MAIN];
  const args = ['--port', String(port), ...options];
  return new Command(urlOf(port), args, { program, within: within(namespace) }).printed('Tabring is ready');
}

async function startRedis(namespace: string, folder: string): Promise<string> {
  const [ip, ...inside] = within(namespace);
  const options = ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const redis = spawn(ip, [...inside, 'redis-server', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  await logged(redis.stdout, 'Ready to accept connections');
  return `redis://127.0.0.1:${REDIS_PORT}`;
}

export interface RelayCounts {
  readonly bytes: number;
  readonly pairs: number;
}

/** What the Discovery nodes there say of themselves to their own machine. */
export function relayCounts(namespace: string, areTwo = false): RelayCounts {
  const [first, second] = [countsAt(namespace, PORT), areTwo ? countsAt(namespace, SECOND_PORT) : undefined];
  return { bytes: first.bytes + (second?.bytes ?? 0), pairs: Math.max(first.pairs, second?.pairs ?? 0) };
}

function countsAt(namespace: string, port: number): RelayCounts {
  const [ip, ...inside] = within(namespace);
  const metrics = execFileSync(ip, [...inside, 'curl', '-sf', `http://127.0.0.1:${port}/metrics`], {
    encoding: 'utf8',
  });
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return { bytes: value('tabring_relayed_bytes_total'), pairs: value('tabring_relayed_pairs') };
}

async function startCoturn(namespace: string): Promise<void> {
  const [ip, ...inside] = within(namespace);
  const options = [
    ...['--listening-ip', PUBLIC_ADDRESS, '--listening-port', String(TURN_PORT), '--relay-ip', PUBLIC_ADDRESS],
    ...['--use-auth-secret', '--static-auth-secret', SECRET, '--realm', 'tabring'],
    '--no-multicast-peers',
    ...PRIVATE_ADDRESSES.flatMap((range) => ['--denied-peer-ip', range]),
    ...['--no-tls', '--no-dtls', '--no-cli', '--log-file', 'stdout', '--pidfile', '/dev/null'],
  ];
  const coturn = spawn(ip, [...inside, 'turnserver', '-n', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  await logged(coturn.stdout, COTURN_READY);
}

async function logged(stdout: Readable, words: string): Promise<void> {
  let log = '';
  for await (const text of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    log += text;
    if (log.includes(words)) break;
  }
  if (!log.includes(words)) throw new Error(`a server ended: ${log}`);
  stdout.resume();
}
