// Who gets in: connections are refused, counted and given sessions here.

import type { IncomingMessage } from 'node:http';
import type { DisconnectReason } from 'socket.io';
import type { AddressBudgets } from './address-budgets.ts';
import { AddressCounts } from './address-counts.ts';
import { unknownHost, unknownHostText } from './known-hosts.ts';
import type { Log } from './logging.ts';
import type { Metrics } from './metrics.ts';
import { Session, type SessionContext, type TabServer, type TabSocket } from './session.ts';
import {
  addressOf,
  type ChosenIds,
  isBehindUntrustedProxy,
  isWelcome,
  type Visitor,
  type VisitorRules,
  visitorOf,
} from './visitors.ts';

interface Doorkeeper {
  readonly rules: VisitorRules;
  readonly budgets: AddressBudgets;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** Why a connection may not begin; undefined: it may. */
export function refusalOf(request: IncomingMessage, { rules, budgets, metrics, now }: Doorkeeper): string | undefined {
  const host = unknownHost(request.headers, rules);
  if (host !== undefined) {
    metrics.count('hosts-refused');
    return unknownHostText(host);
  }
  if (!isWelcome(request.headers, rules)) {
    metrics.count('origins-refused');
    return 'this origin may not use this Discovery node';
  }
  const address = addressOf(request.headers, request.socket.remoteAddress ?? '', rules);
  if (budgets.of(address).connections.take(now())) return undefined;
  metrics.count('rate-limited');
  return 'too many connections from your network address: try again in a minute';
}

interface Admission {
  readonly rules: VisitorRules;
  readonly chosenIds: ChosenIds;
}

/** Gives each socket a session, and bounds the sockets of one address. */
export function admitTabs(
  io: TabServer,
  maxSocketsPerAddress: number,
  admission: Admission,
  context: SessionContext,
): void {
  const socketsFrom = new AddressCounts();
  const visitor = ({ handshake }: TabSocket): Visitor =>
    visitorOf(handshake.headers, handshake.address, admission.rules, admission.chosenIds);
  const tellOfProxy = proxyTeller(admission, context.log);
  io.use((socket, next) => {
    const isTooMany = socketsFrom.of(visitor(socket).address) >= maxSocketsPerAddress;
    if (isTooMany) context.metrics.count('rate-limited');
    next(isTooMany ? new Error('Too many connections from your network address.') : undefined);
  });
  io.engine.on('connection_error', () => context.metrics.count('protocol-error'));
  io.on('connection', (socket: TabSocket) => {
    tellOfProxy(socket);
    const from = visitor(socket);
    const session = new Session(socket, from, context);
    socketsFrom.add(from.address);
    socket.onAny((event: unknown, ...parameters: unknown[]) => session.dispatch(String(event), parameters));
    socket.on('error', () => context.metrics.count('protocol-error'));
    socket.conn.on('heartbeat', () => context.directory.seen(socket.id, context.now()));
    socket.on('disconnect', (reason, detail) => {
      if (isProtocolError(reason, detail)) context.metrics.count('protocol-error');
      socketsFrom.remove(from.address);
      void session.end(reason === 'ping timeout' ? 'timed out' : 'disconnected');
    });
  });
}

/** Says once that addresses are a proxy's, so that it cannot be told who is near. */
function proxyTeller({ rules, chosenIds }: Admission, log: Log): (socket: TabSocket) => void {
  let isTold = chosenIds !== 'local';
  return ({ handshake }) => {
    if (isTold || !isBehindUntrustedProxy(handshake.headers, rules)) return;
    isTold = true;
    const line =
      'a visitor came through a proxy: without --trust-proxy nobody behind it may choose an id, and all of them count as one address';
    log(line, { event: 'proxy' });
  };
}

/** True if a connection ended over what came on it: packets too large or unreadable. */
function isProtocolError(reason: DisconnectReason, detail: unknown): boolean {
  if (reason !== 'transport error' || !(detail instanceof Error)) return reason === 'parse error';
  // Engine.IO wraps the network's failures alike and drops their codes: only the words differ.
  return /max payload|invalid/i.test(detail.message);
}
