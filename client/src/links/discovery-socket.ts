// The connection to the Discovery node: Socket.IO behind a small interface, and its only importer. It carries; what is said
// is the business of signaling-client.ts.

import { io, type Socket } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../../signaling/protocol.ts';
import { answerOf } from './discovery-answers.ts';

/** What is asked of the Discovery node; each has an answer. */
export type Question = Exclude<keyof ClientToServerEvents, 'leave'>;

export interface DiscoveryWire {
  readonly isConnected: boolean;
  /** Connects again after the other side has ended or refused the connection. */
  connect(): void;
  /** Begins a new connection at once, whatever becomes of the old one. */
  reconnect(): void;
  /** The answer, not yet validated. Rejects with a SignallingError: timed-out, also if the connection breaks. */
  ask(question: Question, request?: object): Promise<unknown>;
  /** Whom to give frames that other nodes sent by it, and what says that they have arrived. */
  onFrame(handler: (frame: unknown, received: () => void) => void): void;
  /** Says that this node leaves, if there is a connection, and closes it. */
  leave(comesBack: boolean): void;
  /** Ends the connection without a word, and for good. */
  close(): void;
}

export interface WireEvents {
  /** A new connection: nothing of what was said on former ones holds on it. */
  connected(): void;
  /** No connection; `isTried`: it will be tried again by itself. */
  lost(message: string, isTried: boolean): void;
  signal(relayed: unknown): void;
  removed(reason: unknown): void;
}

export interface Backoff {
  /** Milliseconds. */
  readonly least: number;
  readonly most: number;
}

/** How long an answer may take: a loaded server and a slow mobile network included. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long the first attempt may take, over a WebSocket alone: some proxies accept it and pass nothing on. */
const WEBSOCKET_TIMEOUT_MS = 4_000;
/** Between the last word and the end of the connection: Socket.IO's server drops an event that it reads together with its end. */
const LEAVE_GRACE_MS = 200;

/** `url`: where the page is, without a slash at its end. `backoff`: between attempts to connect. */
export function openDiscoverySocket(url: string, { least, most }: Backoff, events: WireEvents): DiscoveryWire {
  const { origin, pathname } = new URL('socket.io', `${url}/`);
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(origin, {
    path: pathname,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    forceNew: true,
    // Whoever stands before several servers may tell by a cookie to which of them a tab's polling goes.
    withCredentials: true,
    reconnectionDelay: least,
    reconnectionDelayMax: most,
    timeout: WEBSOCKET_TIMEOUT_MS,
  });
  socket.on('connect', () => events.connected());
  // Socket.IO tries again by itself, except when the server closed the connection on purpose, or turned it down.
  socket.on('disconnect', (reason) => events.lost(reason, reason !== 'io server disconnect'));
  socket.on('connect_error', ({ message }) => {
    const { io: manager } = socket;
    // Silence is no refusal, which would have been followed by polling at once. From now on polling begins, and a WebSocket
    // takes over if it answers; that is no news for anybody.
    if (message === 'timeout' && manager.timeout() !== ANSWER_TIMEOUT_MS)
      manager.timeout(ANSWER_TIMEOUT_MS).opts.transports?.reverse();
    else events.lost(message, socket.active);
  });
  socket.on('signal', (relayed) => events.signal(relayed));
  socket.on('removed', (reason) => events.removed(reason));
  return {
    get isConnected() {
      return socket.connected;
    },
    connect: () => void socket.connect(),
    reconnect: () => void socket.disconnect().connect(),
    ask: (question, request) => answerOf(() => asked(socket, question, request)),
    onFrame: (handler) => void socket.on('frame', handler),
    leave: (comesBack) => {
      if (!socket.connected) {
        socket.disconnect();
        return;
      }
      socket.emit('leave', { comesBack });
      setTimeout(() => socket.disconnect(), LEAVE_GRACE_MS);
    },
    close: () => void socket.disconnect(),
  };
}

/** Typed by name only: answers are validated where they are used, and requests are made by this program. */
function asked(socket: Socket, question: Question, request: object | undefined): Promise<unknown> {
  const patient = socket.timeout(ANSWER_TIMEOUT_MS);
  return request === undefined ? patient.emitWithAck(question) : patient.emitWithAck(question, request);
}
