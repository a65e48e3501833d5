// Measures what honest tabs see: answers to registrations, signals on their way, echoes.

import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { register, type Tab } from '../test/support.ts';

/** Between two signals or echoes. */
const INTERVAL_MS = 10;
/** At the beginning, while code is compiled and the crowd begins. */
const WARM_UP = 50;
export const HONEST_ADDRESS = '203.0.113.7';
/** A signal that does not come by then counts as one that took so long. */
const LOST_MS = 10_000;

/** As long as an offer with its candidates. */
const SIGNAL = 'x'.repeat(2_000);

/** A socket that comes from `address`. */
export function connect(url: string, address: string): Promise<Tab> {
  const socket: Tab = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { 'x-forwarded-for': address },
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

export interface Member {
  readonly socket: Tab;
  readonly nodeId: string;
}

/** Two tabs that have answered each other, at these servers. */
export async function connectMembers(urls: readonly [string, string]): Promise<readonly [Member, Member]> {
  const member = async (url: string): Promise<Member> => {
    const socket = await connect(url, HONEST_ADDRESS);
    return { socket, nodeId: (await register(socket)).nodeId };
  };
  const [a, b] = [await member(urls[0]), await member(urls[1])];
  await a.socket.emitWithAck('signal', { to: b.nodeId, signal: 'offer' });
  await b.socket.emitWithAck('signal', { to: a.nodeId, signal: 'answer' });
  return [a, b];
}

/** Milliseconds. */
export interface PassageTimes {
  /** From the sending of a signal to its arrival at the other member. */
  readonly relays: readonly number[];
  /** From a message to its answer by a server that does nothing else. */
  readonly echoes: readonly number[];
}

/** One after the other by turns, so that what else happens on this machine happens to both. */
export async function measurePassages(
  [a, b]: readonly [Member, Member],
  echoed: Tab,
  seconds: number,
): Promise<PassageTimes> {
  const relay = (): Promise<unknown> => {
    if (!a.socket.connected || !b.socket.connected)
      throw new Error('a member was disconnected: this machine is too busy');
    const arrived = new Promise((resolve) => {
      const lost = setTimeout(resolve, LOST_MS);
      b.socket.once('signal', (signal) => {
        clearTimeout(lost);
        resolve(signal);
      });
    });
    a.socket.emit('signal', { to: b.nodeId, signal: SIGNAL }, () => undefined);
    return arrived;
  };
  const echo = (): Promise<unknown> => echoed.emitWithAck('signal', { to: 'a', signal: SIGNAL });
  const relays: number[] = [];
  const echoes: number[] = [];
  for (let sample = 0; sample < WARM_UP; sample += 1) await Promise.all([timed(relay), timed(echo)]);
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const [relayMs, echoMs] = [await timed(relay), await timed(echo)];
    relays.push(relayMs);
    echoes.push(echoMs);
  }
  return { relays, echoes };
}

/** How long a call takes, milliseconds; resolves when the next one is due. */
async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call();
  const ms = performance.now() - startedAt;
  await pause(Math.max(0, INTERVAL_MS - ms));
  return ms;
}
