// The Discovery node: one HTTP server that carries the built page, Socket.IO and /healthz. It wires parts together and
// decides nothing: who is registered is in directory.ts, what a tab may ask for in session.ts.

import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type DisconnectReason, Server } from 'socket.io';
import type { Id } from '../client/src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { Directory } from './directory.ts';
import { type IceConfig, iceAnswer } from './ice-servers.ts';
import {
  DEFAULT_MAX_PEERS_PER_ADDRESS,
  MAX_PACKET_BYTES,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  SOCKETS_PER_PEER,
} from './limits.ts';
import type { Log } from './logging.ts';
import { Metrics } from './metrics.ts';
import { type ListedNode, listNodes, removeNode } from './operator.ts';
import { cryptoRandom, type Random } from './random.ts';
import { Session, type SessionContext, type TabServer, type TabSocket } from './session.ts';
import { answerText, serveFile } from './static-files.ts';
import type { Tls } from './tls.ts';
import { addressOf, isWelcome, type VisitorRules } from './visitors.ts';

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
  readonly maxPeersPerAddress?: number;
  /** Milliseconds; by default every 4 s a ping, answered within 5 s. */
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  readonly random?: Random;
  /** Milliseconds on a clock that only moves forward. */
  readonly now?: () => number;
  /** Milliseconds since 1970: accounts at a TURN server end at a time of day. */
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
  counters(): Record<string, number>;
  readonly params: RingParams;
  /** All registered tabs, by id; for the operator. */
  nodes(): readonly ListedNode[];
  /** Sends a tab away: it hands its blocks over and leaves the ring. False if no such tab is registered. */
  remove(nodeId: Id): boolean;
  /** Drops all tabs and stops listening. */
  close(): Promise<void>;
}

/** Starts a Discovery node. Rejects with the system's error if it cannot listen (EADDRINUSE and so on). */
export async function startDiscoveryNode(options: DiscoveryOptions = {}): Promise<DiscoveryNode> {
  const { random = cryptoRandom, now = () => performance.now(), log = () => undefined } = options;
  const params = { ...DEFAULT_RING_PARAMS, ...options.params };
  const maxPeersPerAddress = options.maxPeersPerAddress ?? DEFAULT_MAX_PEERS_PER_ADDRESS;
  const directory = new Directory({ digits: params.digits, maxPeersPerAddress, random });
  const metrics = new Metrics();
  const startedAt = now();

  const health = (): string =>
    JSON.stringify({
      status: 'ok',
      peers: directory.size,
      uptimeSeconds: Math.trunc((now() - startedAt) / 1000),
      counters: metrics,
    });
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, options.staticDir, health).catch((error: unknown) => {
      metrics.count('page-errors');
      const why = error instanceof Error ? error.message : String(error);
      log(`cannot serve ${request.url}: ${why}`, { event: 'page-error', url: request.url ?? '', why });
      if (response.headersSent) response.destroy();
      else answerText(response, 500, 'The page cannot be read.');
    });
  };
  const { tls, visitors = OWN_PAGES_ONLY } = options;
  const http = tls === undefined ? createServer(serve) : createTlsServer({ ...tls }, serve);
  const io: TabServer = new Server(http, {
    serveClient: false,
    // Browsers ask before they read answers across origins, but not before they open a WebSocket.
    cors: { origin: visitors.allowedOrigins.includes('*') ? '*' : [...visitors.allowedOrigins] },
    allowRequest: (request, decide) => {
      const isAllowed = isWelcome(request.headers, visitors);
      if (!isAllowed) metrics.count('origins-refused');
      decide(isAllowed ? null : 'this origin may not use this Discovery node', isAllowed);
    },
    maxHttpBufferSize: MAX_PACKET_BYTES,
    pingInterval: options.pingIntervalMs ?? PING_INTERVAL_MS,
    pingTimeout: options.pingTimeoutMs ?? PING_TIMEOUT_MS,
  });
  const { calendar = () => Date.now() } = options;
  const ice = { iceServers: options.iceServers ?? [], turn: options.turn };
  const context: SessionContext = {
    ...{ directory, params, metrics, log, now },
    iceAnswer: (nodeId) => iceAnswer(ice, nodeId, calendar()),
    sockets: io.sockets.sockets,
  };
  admitTabs(io, maxPeersPerAddress * SOCKETS_PER_PEER, visitors, context);

  await listen(http, options.port ?? 0, options.host);
  const port = boundPort(http);
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(options.host)}:${port}`,
    peers: () => directory.size,
    counters: () => metrics.toJSON(),
    params,
    nodes: () => listNodes(directory, now()),
    remove: (nodeId) => removeNode(context, nodeId),
    close: async () => {
      const closed = io.close();
      // Browsers keep idle connections open; closing would wait for them.
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Gives each socket a session, and bounds the sockets of one address. */
function admitTabs(io: TabServer, maxSocketsPerAddress: number, visitors: VisitorRules, context: SessionContext): void {
  const socketsByAddress = new Map<string, number>();
  const countFrom = (address: string): number => socketsByAddress.get(address) ?? 0;
  const addressOfSocket = ({ handshake }: TabSocket): string =>
    addressOf(handshake.headers, handshake.address, visitors);
  io.use((socket, next) => {
    const isTooMany = countFrom(addressOfSocket(socket)) >= maxSocketsPerAddress;
    if (isTooMany) context.metrics.count('rate-limited');
    next(isTooMany ? new Error('Too many connections from your network address.') : undefined);
  });
  io.engine.on('connection_error', () => context.metrics.count('protocol-error'));
  io.on('connection', (socket: TabSocket) => {
    const address = addressOfSocket(socket);
    const session = new Session(socket, address, context);
    socketsByAddress.set(address, countFrom(address) + 1);
    socket.onAny((event: unknown, ...parameters: unknown[]) => session.dispatch(String(event), parameters));
    socket.on('error', () => context.metrics.count('protocol-error'));
    socket.conn.on('heartbeat', () => context.directory.seen(socket.id, context.now()));
    socket.on('disconnect', (reason, detail) => {
      if (isProtocolError(reason, detail)) context.metrics.count('protocol-error');
      const left = countFrom(address) - 1;
      if (left === 0) socketsByAddress.delete(address);
      else socketsByAddress.set(address, left);
      session.end(reason === 'ping timeout' ? 'timed out' : 'disconnected');
    });
  });
}

/** True if a connection ended over what came on it: packets too large or unreadable. */
function isProtocolError(reason: DisconnectReason, detail: unknown): boolean {
  if (reason !== 'transport error' || !(detail instanceof Error)) return reason === 'parse error';
  // Engine.IO wraps the network's failures alike and drops their codes: only the words differ.
  return /max payload|invalid/i.test(detail.message);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  staticDir: string | undefined,
  health: () => string,
): Promise<void> {
  if (request.url === '/healthz' && (request.method === 'GET' || request.method === 'HEAD')) {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : health());
  } else if (staticDir === undefined) {
    answerText(response, 404, 'Not found.');
  } else {
    await serveFile(staticDir, request, response);
  }
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
