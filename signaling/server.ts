// The Discovery node: one HTTP server that carries the built page, a Socket.IO for each ring, and /healthz. It wires parts
// together and decides nothing: a ring is in ring-service.ts, who is registered there in directory.ts, who may be in
// registrar.ts, what a tab may ask for in session.ts.

import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Registry } from 'prom-client';
import type { RingParams } from '../client/src/core/pastry/params.ts';
import { AddressBudgets } from './address-budgets.ts';
import type { EntryRules } from './entry.ts';
import { FrameRelay } from './frame-relay.ts';
import { createFront, type FrontParts, prepareRequests } from './front.ts';
import type { IceConfig } from './ice-servers.ts';
import { DEFAULT_ADMISSIONS_PER_ADDRESS, DEFAULT_MAX_PEERS_PER_ADDRESS } from './limits.ts';
import type { Log } from './logging.ts';
import { Metrics } from './metrics.ts';
import { problemsFor } from './operations.ts';
import { cryptoRandom, type Random } from './random.ts';
import type { Hub } from './redis/hub.ts';
import { createRing, type Ring } from './ring.ts';
import { openRingService, type RingService, type RingSurroundings, type RingTerms } from './ring-service.ts';
import type { Draw } from './sponsors.ts';
import type { Tls } from './tls.ts';
import type { ChosenIds, VisitorRules } from './visitors.ts';

export interface DiscoveryOptions {
  /** 0 (the default): any free port. */
  readonly port?: number;
  /** Address to listen on; absent: all of this machine's. */
  readonly host?: string | undefined;
  /** Ring parameters that differ from the defaults. */
  readonly params?: Partial<RingParams>;
  /** STUN and TURN servers for the tabs; none by default. */
  readonly iceServers?: IceConfig['iceServers'];
  /** A TURN server with a shared secret: each tab gets an account of its own for some hours. */
  readonly turn?: IceConfig['turn'];
  /** Carries sealed frames between tabs that nothing else joins, so many bytes a second in all; undefined: it does not. */
  readonly relayBytesPerSecond?: number | undefined;
  /** The folder of the built page; absent: no page is served. */
  readonly staticDir?: string;
  /** The path below which a proxy shows it, such as /tabring, if the proxy does not take it off. */
  readonly basePath?: string;
  /** Who shows it may see /metrics from anywhere; by default only this machine may. */
  readonly metricsToken?: string | undefined;
  readonly maxPeersPerAddress?: number;
  /** New identities that one address may bring at once, by default no fewer than may be registered; an eighth of them comes again in each hour. */
  readonly admissionsPerAddress?: number | undefined;
  /** The ring's key and who has which id; by default a new ring. It is closed together with the Discovery node. */
  readonly ring?: Ring;
  /** What opens it; undefined: everybody may enter. */
  readonly entry?: EntryRules | undefined;
  /** More rings, each below its own path. */
  readonly rings?: readonly RingTerms[] | undefined;
  /** Where other Discovery nodes of these rings and this one keep who is registered; undefined: it is alone. */
  readonly redis?: string | undefined;
  /** How long a certificate runs. */
  readonly certificateSeconds?: number;
  /** Whose wish for a certain id is granted; by default that of visitors from this machine and private networks. */
  readonly chosenIds?: ChosenIds;
  /** Milliseconds; by default every 4 s a ping, answered within 5 s. */
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  readonly random?: Random;
  /** Who is named as a sponsor; by default chance decides. */
  readonly draw?: Draw | undefined;
  /** Milliseconds on a clock that only moves forward. */
  readonly now?: () => number;
  /** Milliseconds since 1970: certificates, and accounts at a TURN server, end at a time of day. */
  readonly calendar?: () => number;
  /** Takes one line about each registration and removal; silent by default. */
  readonly log?: Log;
  /** Which pages may connect, and whose word counts for addresses; by default those served from here, and the network's. */
  readonly visitors?: VisitorRules;
  /** Absent: plain http. */
  readonly tls?: Pick<Tls, 'cert' | 'key'> | undefined;
}

/** Without a word from the operator. */
const OWN_PAGES_ONLY: VisitorRules = { allowedOrigins: [], trustProxy: false };

export interface DiscoveryNode {
  readonly port: number;
  /** Where the page and Socket.IO are, without a slash at the end. */
  readonly url: string;
  /** Registered tabs, of all rings. */
  peers(): number;
  /** All that was counted, by short name. */
  counters(): Promise<Record<string, number>>;
  /** What /metrics shows; the process's own measures may be added. */
  readonly registry: Registry;
  /** Of the ring without a name, as the three that follow. */
  readonly params: RingParams;
  /** For another Discovery node of the same ring. */
  readonly ring: Ring;
  readonly nodes: RingService['nodes'];
  readonly remove: RingService['remove'];
  /** This machine's clock was set (clock-watch.ts). */
  clockSet(): void;
  /** The others. */
  readonly rings: readonly RingService[];
  /** Drops all tabs and stops listening. */
  close(): Promise<void>;
}

/** Starts a Discovery node. Rejects with the system's error if it cannot listen (EADDRINUSE and so on), and with a SharingError. */
export async function startDiscoveryNode(options: DiscoveryOptions = {}): Promise<DiscoveryNode> {
  const { random = cryptoRandom, now = () => performance.now(), log = () => undefined } = options;
  const { tls, visitors = OWN_PAGES_ONLY, staticDir } = options;
  const maxPeersPerAddress = options.maxPeersPerAddress ?? DEFAULT_MAX_PEERS_PER_ADDRESS;
  const admissions = options.admissionsPerAddress ?? Math.max(DEFAULT_ADMISSIONS_PER_ADDRESS, maxPeersPerAddress);
  const budgets = new AddressBudgets(admissions, now);
  const metrics = new Metrics();
  const startedAt = now();
  const { ring = await createRing(), params, entry, rings = [] } = options;
  const terms: readonly RingTerms[] = [{ name: '', ring, params, entry }, ...rings];
  const services: RingService[] = [];
  const sum = (count: keyof ReturnType<RingService['census']>): number =>
    services.reduce((total, service) => total + service.census()[count], 0);

  const front: FrontParts = {
    ...{ staticDir, rules: visitors, basePath: options.basePath ?? '', rings: rings.map(({ name }) => name) },
    ...{ isTls: tls !== undefined, metrics, log, metricsToken: options.metricsToken },
    health: () => ({ peers: sum('nodes'), uptimeSeconds: Math.trunc((now() - startedAt) / 1000) }),
    problems: () => [
      ...problemsFor(sum('nodes'), staticDir),
      ...new Set(services.flatMap((service) => service.problem() ?? [])),
    ],
  };
  const serve = createFront(front);
  const http = tls === undefined ? createServer(serve) : createTlsServer({ ...tls }, serve);
  const { relayBytesPerSecond: bytesPerSecond } = options;
  const frameRelay = bytesPerSecond === undefined ? undefined : new FrameRelay({ bytesPerSecond, metrics, now });
  const around: RingSurroundings = {
    ...options,
    ...{ http, budgets, metrics, maxPeersPerAddress, random, now, startedAt, log, frameRelay },
    ...{ rules: visitors, iceServers: options.iceServers ?? [], turn: options.turn },
  };
  const hub = options.redis === undefined ? undefined : await openSharing(options.redis, log);
  try {
    for (const each of terms) services.push(await openRingService(each, { ...around, hub }));
  } catch (error) {
    hub?.close();
    throw error;
  }
  const [main] = services;
  if (main === undefined) throw new Error('a Discovery node without a ring');
  prepareRequests(http, front);
  metrics.watch({
    ...{ nodes: () => sum('nodes'), clients: () => sum('clients'), sockets: () => sum('sockets') },
    relayedPairs: frameRelay && (() => frameRelay.pairs),
  });

  await listen(http, options.port ?? 0, options.host);
  const port = boundPort(http);
  return {
    ...{ port, ring, params: main.params, nodes: main.nodes, remove: main.remove, rings: services.slice(1) },
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(options.host)}:${port}`,
    clockSet: () => {
      for (const service of services) service.clockSet();
    },
    peers: () => sum('nodes'),
    counters: () => metrics.counters(),
    registry: metrics.registry,
    close: async () => {
      const closed = Promise.all(services.map((service) => service.close()));
      // Browsers keep idle connections open; closing would wait for them.
      http.closeAllConnections();
      frameRelay?.close();
      await closed;
      hub?.close();
      await Promise.all(terms.map((each) => each.ring.close()));
    },
  };
}

/** Loaded only where it is wanted. */
async function openSharing(url: string, log: Log): Promise<Hub> {
  const { openHub } = await import('./redis/hub.ts');
  return openHub(url, log);
}

function listen(http: HttpServer, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ port, host }, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function boundPort(http: HttpServer): number {
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

/** The host to write in a URL that reaches a server listening on `host` from this machine. */
function urlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
