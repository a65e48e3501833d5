// One ring of a Discovery node: its own directory, authority, parameters and door, and its own Socket.IO below its own path.
// Nothing but the budgets of network addresses and the counters is shared, so a tab of one ring is never named to, or heard by,
// a tab of another.

import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import type { AddressBudgets } from './address-budgets.ts';
import { Authority } from './authority.ts';
import type { Awaitable, Directory } from './directory.ts';
import { admitTabs, refusalOf } from './doors.ts';
import type { EntryRules } from './entry.ts';
import { FarFrames } from './far-frames.ts';
import type { FrameRelay } from './frame-relay.ts';
import { Holders } from './holders.ts';
import { type IceConfig, iceAnswer } from './ice-servers.ts';
import {
  DEFAULT_CERTIFICATE_SECONDS,
  MAX_PACKET_BYTES,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  RETURN_MS,
  SOCKETS_PER_PEER,
} from './limits.ts';
import type { Log } from './logging.ts';
import { MemoryDirectory } from './memory-directory.ts';
import type { Metrics } from './metrics.ts';
import { type ListedNode, listNodes, removeNode } from './operator.ts';
import type { Random } from './random.ts';
import type { Hub } from './redis/hub.ts';
import { Registrar, type RegistrarParts } from './registrar.ts';
import { ownRelease, servedPage } from './release.ts';
import type { Ring } from './ring.ts';
import { ringPath } from './ring-names.ts';
import type { SessionContext, TabServer } from './session.ts';
import type { Draw } from './sponsors.ts';
import type { ChosenIds, VisitorRules } from './visitors.ts';

/** What makes a ring this ring. */
export interface RingTerms {
  /** '': the ring at the Discovery node's own address. */
  readonly name: string;
  /** Parameters that differ from the defaults. */
  readonly params?: Partial<RingParams> | undefined;
  /** Its key and who has which id. It is closed together with the Discovery node. */
  readonly ring: Ring;
  /** Undefined: everybody may enter. */
  readonly entry?: EntryRules | undefined;
}

/** What all rings of one Discovery node have in common. */
export interface RingSurroundings extends IceConfig {
  readonly http: HttpServer;
  readonly budgets: AddressBudgets;
  readonly metrics: Metrics;
  readonly rules: VisitorRules;
  readonly maxPeersPerAddress: number;
  readonly random: Random;
  readonly now: () => number;
  readonly startedAt: number;
  readonly log: Log;
  readonly calendar?: (() => number) | undefined;
  readonly certificateSeconds?: number | undefined;
  readonly chosenIds?: ChosenIds | undefined;
  readonly staticDir?: string | undefined;
  readonly draw?: Draw | undefined;
  /** Undefined: frames are not relayed. */
  readonly frameRelay: FrameRelay | undefined;
  /** Undefined: this Discovery node is alone. */
  readonly hub?: Hub | undefined;
  readonly pingIntervalMs?: number | undefined;
  readonly pingTimeoutMs?: number | undefined;
}

export interface RingService {
  readonly name: string;
  readonly params: RingParams;
  readonly ring: Ring;
  /** Registered tabs, commands, and open sockets, at this Discovery node. */
  census(): { readonly nodes: number; readonly clients: number; readonly sockets: number };
  /** Why newcomers should be sent elsewhere; undefined: they are welcome. */
  problem(): string | undefined;
  /** All tabs that are registered at this Discovery node, by id; for the operator. */
  nodes(): readonly ListedNode[];
  /**
   * Sends a tab away: it hands its blocks over and leaves the ring. Of a node that is absent the id is free for others. False
   * if there is no such node.
   */
  remove(nodeId: NodeId): Promise<boolean>;
  /** This machine's clock was set: all tabs are to register again, for new certificates and the new time, before anybody gets an id by wish. */
  clockSet(): void;
  /** Drops all tabs. */
  close(): Promise<void>;
}

export async function openRingService(terms: RingTerms, around: RingSurroundings): Promise<RingService> {
  const { name, ring } = terms;
  const params = { ...DEFAULT_RING_PARAMS, ...terms.params };
  const { http, rules, maxPeersPerAddress, metrics, budgets, now, hub } = around;
  const io: TabServer = new Server(http, {
    path: `${ringPath(name)}/socket.io`,
    serveClient: false,
    // Browsers ask before they read answers across origins, but not before they open a WebSocket.
    cors: { origin: rules.allowedOrigins.includes('*') ? '*' : [...rules.allowedOrigins] },
    allowRequest: (request, decide) => {
      const problem = refusalOf(request, { rules, budgets, metrics, now });
      decide(problem, problem === undefined);
    },
    maxHttpBufferSize: MAX_PACKET_BYTES,
    pingInterval: around.pingIntervalMs ?? PING_INTERVAL_MS,
    pingTimeout: around.pingTimeoutMs ?? PING_TIMEOUT_MS,
    ...(hub === undefined ? {} : { adapter: hub.adapterFor(name) }),
  });
  const holders = new Holders(io, hub === undefined ? undefined : new FarFrames(io, around.random));
  const directory = await openDirectory(terms, params, holders, around);
  // What several share knows itself whether it is complete.
  const isComplete = ring.isComplete || hub !== undefined;
  let choosableFrom = isComplete ? around.startedAt : around.startedAt + RETURN_MS;
  const own = { directory, params, holders, choosableFrom: () => choosableFrom };
  const context = await sessionContext(own, terms, around);
  const admission = { rules, chosenIds: around.chosenIds ?? 'local' };
  admitTabs(io, maxPeersPerAddress * SOCKETS_PER_PEER, admission, context);
  return {
    ...{ name, params, ring },
    census: () => ({ ...directory.here, sockets: io.engine.clientsCount }),
    problem: () => directory.problem,
    nodes: () => listNodes(directory, now()),
    remove: async (nodeId) =>
      (await removeNode(context, nodeId)) || (await directory.free(nodeId, context.authority.seconds)),
    clockSet: () => {
      choosableFrom = now() + RETURN_MS;
      io.local.disconnectSockets(true);
    },
    close: async () => {
      await io.close();
      await directory.close();
    },
  };
}

function openDirectory(
  { name, ring }: RingTerms,
  params: RingParams,
  holders: Holders,
  { hub, maxPeersPerAddress, random, draw, now, calendar = Date.now }: RingSurroundings,
): Awaitable<Directory> {
  const { records } = ring;
  if (hub === undefined)
    return new MemoryDirectory({ digits: params.digits, maxPeersPerAddress, random, draw, records });
  const seconds = Math.floor(calendar() / 1000);
  const displaced = (holder: string): void => holders.dismiss(holder, undefined);
  return hub.openDirectory({ name, params, ring, maxPeersPerAddress, random, now, seconds, displaced });
}

/** What all sessions of a ring share, around its authority. */
async function sessionContext(
  {
    choosableFrom,
    ...own
  }: Pick<SessionContext, 'directory' | 'params' | 'holders'> & Pick<RegistrarParts, 'choosableFrom'>,
  { name, ring, entry }: RingTerms,
  around: RingSurroundings,
): Promise<SessionContext> {
  const { calendar = () => Date.now(), certificateSeconds = DEFAULT_CERTIFICATE_SECONDS } = around;
  const { metrics, now, random, budgets, iceServers, turn, frameRelay } = around;
  const seconds = (): number => Math.floor(calendar() / 1000);
  const authority = await Authority.create({ keys: ring.keys, certificateSeconds, seconds });
  const page = servedPage(around.staticDir);
  const versions = { release: ownRelease(), ...(page === undefined ? {} : { page }) };
  const shared = {
    ...{ ...own, metrics, now, random, budgets, entry, versions, authority, frameRelay },
    log: name === '' ? around.log : namedLog(name, around.log),
    iceAnswer: (nodeId: NodeId) => iceAnswer({ iceServers, turn }, nodeId, calendar()),
  };
  const registrar = new Registrar({
    ...shared,
    choosableFrom,
    dismiss: (holder, reason) => own.holders.dismiss(holder, reason),
  });
  return { ...shared, registrar };
}

function namedLog(name: string, log: Log): Log {
  return (line, fields) => log(`${name}: ${line}`, { ...fields, ring: name });
}
