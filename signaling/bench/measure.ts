// Measures what honest tabs see: answers to registrations, signals on their way, echoes.

import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { register, signedRequest, type Tab } from '../test/support.ts';

/** Signals and as many echoes, and the time between two of them: twenty seconds. */
const SAMPLES = 1_000;
const INTERVAL_MS = 10;
const JOINS = 50;
/** At the beginning, while code is compiled and the crowd begins. */
const WARM_UP = 100;
export const HONEST_ADDRESS = '203.0.113.7';

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

export async function registerAt(socket: Tab): Promise<string> {
  return (await register(socket)).nodeId;
}

export interface Member {
  readonly socket: Tab;
  readonly nodeId: string;
}

/** Two tabs that have answered each other. */
export async function connectMembers(url: string): Promise<readonly [Member, Member]> {
  const member = async (): Promise<Member> => {
    const socket = await connect(url, HONEST_ADDRESS);
    return { socket, nodeId: await registerAt(socket) };
  };
  const [a, b] = [await member(), await member()];
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
export async function measurePassages([a, b]: readonly [Member, Member], echoed: Tab): Promise<PassageTimes> {
  const relay = (): Promise<unknown> => {
    if (!a.socket.connected || !b.socket.connected)
      throw new Error('a member was disconnected: this machine is too busy');
    const arrived = new Promise((resolve) => b.socket.once('signal', resolve));
    a.socket.emit('signal', { to: b.nodeId, signal: SIGNAL }, () => undefined);
    return arrived;
  };
  const echo = (): Promise<unknown> => echoed.emitWithAck('signal', { to: 'a', signal: SIGNAL });
  const relays: number[] = [];
  const echoes: number[] = [];
  for (let sample = -WARM_UP; sample < SAMPLES; sample += 1) {
    const [relayMs, echoMs] = [await timed(relay), await timed(echo)];
    if (sample < 0) continue;
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

export interface Join {
  readonly ms: number;
  /** Its sponsor was one of those that answer, not one that only registered. */
  readonly isMember: boolean;
}

/** Registrations one after the other: how long each waits for its answer, and whom it is sent to. */
export async function measureJoins(url: string, members: readonly Member[]): Promise<readonly Join[]> {
  const joins: Join[] = [];
  for (let join = 0; join < JOINS; join += 1) {
    const socket = await connect(url, HONEST_ADDRESS);
    const request = await signedRequest(socket);
    const startedAt = performance.now();
    const answer = await socket.emitWithAck('register', request);
    const ms = performance.now() - startedAt;
    if ('error' in answer) throw new Error(answer.error.message);
    joins.push({ ms, isMember: members.some(({ nodeId }) => nodeId === answer.sponsor) });
    socket.disconnect();
    await pause(INTERVAL_MS);
  }
  return joins;
}
