// The Discovery node: one HTTP server that carries the built page, Socket.IO and /healthz. It wires parts together and
// decides nothing: who is registered is in directory.ts, who may be in registrar.ts, what a tab may ask for in session.ts.

import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Registry } from 'prom-client';
import { Server } from 'socket.io';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { AddressBudgets } from './address-budgets.ts';
import { Authority } from './authority.ts';
import { Directory } from './directory.ts';
import { admitTabs, refusalOf } from './doors.ts';
import { createFront, type FrontParts, prepareRequests } from './front.ts';
import { type IceConfig, iceAnswer } from './ice-servers.ts';
import {
  DEFAULT_ADMISSIONS_PER_ADDRESS,
  DEFAULT_CERTIFICATE_SECONDS,
  DEFAULT_MAX_PEERS_PER_ADDRESS,
  MAX_PACKET_BYTES,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  RETURN_MS,
  SOCKETS_PER_PEER,
} from './limits.ts';
import type { Log } from './logging.ts';
import { Metrics } from './metrics.ts';
import { problemsFor } from './operations.ts';
import { dismiss, freeId, type ListedNode, listNodes, removeNode } from './operator.ts';
import { cryptoRandom, type Random } from './random.ts';
import { Registrar, type RegistrarParts } from './registrar.ts';
import { ownRelease, servedPage } from './release.ts';
import { createRing, type Ring } from './ring.ts';
import type { SessionContext, TabServer } from './session.ts';
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
  /** Registered tabs. */
  peers(): number;
  /** All that was counted, by short name. */
  counters(): Promise<Record<string, number>>;
  /** What /metrics shows; the process's own measures may be added. */
  readonly registry: Registry;
  readonly params: RingParams;
  /** For another Discovery node of the same ring. */
  readonly ring: Ring;
  /** All registered tabs, by id; for the operator. */
  nodes(): readonly ListedNode[];
  /**
   * Sends a tab away: it hands its blocks over and leaves the ring. Of a node that is absent the id is free for others. False
   * if there is no such node.
   */
  remove(nodeId: NodeId): boolean;
  /** Drops all tabs and stops listening. */
  close(): Promise<void>;
}

/** Starts a Discovery node. Rejects with the system's error if it cannot listen (EADDRINUSE and so on). */
export async function startDiscoveryNode(options: DiscoveryOptions = {}): Promise<DiscoveryNode> {
  const { random = cryptoRandom, now = () => performance.now(), log = () => undefined } = options;
  const params = { ...DEFAULT_RING_PARAMS, ...options.params };
  const { ring = await createRing(), tls, visitors = OWN_PAGES_ONLY } = options;
  const maxPeersPerAddress = options.maxPeersPerAddress ?? DEFAULT_MAX_PEERS_PER_ADDRESS;
  const directory = new Directory({
    digits: params.digits,
    maxPeersPerAddress,
    random,
    draw: options.draw,
    records: ring.records,
  });
  const metrics = new Metrics();
  const budgets = new AddressBudgets(
    options.admissionsPerAddress ?? Math.max(DEFAULT_ADMISSIONS_PER_ADDRESS, maxPeersPerAddress),
    now,
  );
  const startedAt = now();
  const front: FrontParts = {
    ...{ staticDir: options.staticDir, rules: visitors, basePath: options.basePath ?? '' },
    ...{ isTls: tls !== undefined, metrics, log, metricsToken: options.metricsToken },
    health: () => ({ peers: directory.size, uptimeSeconds: Math.trunc((now() - startedAt) / 1000) }),
    problems: () => problemsFor(directory.size, options.staticDir),
  };
  const serve = createFront(front);
  const http = tls === undefined ? createServer(serve) : createTlsServer({ ...tls }, serve);
  const io: TabServer = new Server(http, {
    serveClient: false,
    // Browsers ask before they read answers across origins, but not before they open a WebSocket.
    cors: { origin: visitors.allowedOrigins.includes('*') ? '*' : [...visitors.allowedOrigins] },
    allowRequest: (request, decide) => {
      const problem = refusalOf(request, { rules: visitors, budgets, metrics, now });
      decide(problem, problem === undefined);
    },
    maxHttpBufferSize: MAX_PACKET_BYTES,
    pingInterval: options.pingIntervalMs ?? PING_INTERVAL_MS,
    pingTimeout: options.pingTimeoutMs ?? PING_TIMEOUT_MS,
  });
  prepareRequests(http, front);
  metrics.watch({
    nodes: () => directory.size,
    clients: () => directory.clients,
    sockets: () => io.engine.clientsCount,
  });
  const choosableFrom = ring.isComplete ? startedAt : startedAt + RETURN_MS;
  const parts = { directory, params, metrics, log, now, random, budgets, choosableFrom };
  const context = await sessionContext(io, parts, ring, options);
  const admission = { rules: visitors, chosenIds: options.chosenIds ?? 'local' };
  admitTabs(io, maxPeersPerAddress * SOCKETS_PER_PEER, admission, context);

  await listen(http, options.port ?? 0, options.host);
  const port = boundPort(http);
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(options.host)}:${port}`,
    peers: () => directory.size,
    counters: () => metrics.counters(),
    registry: metrics.registry,
    params,
    ring,
    nodes: () => listNodes(directory, now()),
    remove: (nodeId) => removeNode(context, nodeId) || freeId(ring, nodeId, context.authority.seconds),
    close: async () => {
      const closed = io.close();
      // Browsers keep idle connections open; closing would wait for them.
      http.closeAllConnections();
      await closed;
      await ring.close();
    },
  };
}

type Parts = Pick<SessionContext, 'directory' | 'params' | 'metrics' | 'log' | 'now' | 'random' | 'budgets'> &
  Pick<RegistrarParts, 'choosableFrom'>;

/** What all sessions share, around the ring's authority. */
async function sessionContext(
  { sockets: { sockets } }: TabServer,
  parts: Parts,
  { keys }: Ring,
  options: DiscoveryOptions,
): Promise<SessionContext> {
  const { calendar = () => Date.now(), certificateSeconds = DEFAULT_CERTIFICATE_SECONDS } = options;
  const seconds = (): number => Math.floor(calendar() / 1000);
  const authority = await Authority.create({ keys, certificateSeconds, seconds });
  const ice = { iceServers: options.iceServers ?? [], turn: options.turn };
  const page = servedPage(options.staticDir);
  const versions = { release: ownRelease(), ...(page === undefined ? {} : { page }) };
  const shared = {
    ...parts,
    versions,
    authority,
    iceAnswer: (nodeId: NodeId) => iceAnswer(ice, nodeId, calendar()),
    sockets,
  };
  const registrar = new Registrar({
    ...shared,
    dismiss: (holder, reason) => dismiss(sockets.get(holder), reason),
  });
  return { ...shared, registrar };
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
