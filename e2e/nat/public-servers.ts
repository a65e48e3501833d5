// What runs on the public machine between the homes: the Discovery node, and coturn as STUN and TURN server. Both as an
// operator starts them (docs/networks.md).

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '../../client/test/node/command.ts';
import { within } from './namespaces.ts';
import { PUBLIC_ADDRESS } from './two-homes.ts';

const MAIN = fileURLToPath(new URL('../../signaling/main.ts', import.meta.url));
const PORT = 8080;
const TURN_PORT = 3478;
const SECRET = 'only-for-tests';
/** Where it passes nothing on to: it would be a way into the network that it stands in. */
const PRIVATE_ADDRESSES = ['10.0.0.0-10.255.255.255', '172.16.0.0-172.31.255.255', '192.168.0.0-192.168.255.255'];
/** In its log, once it listens. */
const COTURN_READY = 'Total General servers';

/** What of the TURN server's services tabs are told. none: not even of the server. */
export type Ice = 'stun' | 'turn' | 'none';

/** Where tabs find the Discovery node. */
export const DISCOVERY_URL = `http://${PUBLIC_ADDRESS}:${PORT}`;

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

/** Starts the servers; they end with their namespace. */
export async function startServers(namespace: string, ice: Ice, relays = false): Promise<void> {
  if (ice !== 'none') await startCoturn(namespace);
  // A ring of its own: what an earlier one remembers of ids is of no interest.
  const ringKey = join(mkdtempSync(join(tmpdir(), 'tabring-nat-')), 'ring-key.json');
  const args = ['--port', String(PORT), '--ring-key', ringKey, ...ICE_OPTIONS[ice], ...(relays ? ['--relay'] : [])];
  const program = ['--import', 'tsx', MAIN];
  await new Command(DISCOVERY_URL, args, { program, within: within(namespace) }).printed('Tabring is ready');
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
  let log = '';
  for await (const text of coturn.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    log += text;
    if (log.includes(COTURN_READY)) break;
  }
  if (!log.includes(COTURN_READY)) throw new Error(`the TURN server ended: ${log}`);
  coturn.stdout.resume();
}
