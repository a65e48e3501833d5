// A process full of strangers at one server: tabs that are there, sockets that ask for sponsors as often as one socket may, and
// storms of tabs that all come at once and go. Its parent says which of them begins; it says how long they took.

import { setTimeout as pause } from 'node:timers/promises';
import type { OwnKeys } from '../../client/src/trust/key-suite.ts';
import { newKeys, register, type Tab } from '../test/support.ts';
import { connect } from './measure.ts';

export interface CrowdTask {
  readonly url: string;
  /** False: an echo, at which nobody registers. */
  readonly registers: boolean;
  /** Tabs that stay, and addresses that they come from. */
  readonly tabs: number;
  /** Sockets that ask, each from an address of its own. */
  readonly askers: number;
  /** Tabs of each storm. */
  readonly storm: number;
}

export type CrowdOrder = 'hold' | 'ask' | 'storm' | 'calm';

/** What one socket may ask for: signaling/limits.ts. */
const REQUESTS_PER_SECOND = 64;
const TICKS_PER_SECOND = 8;
/** Connections that are begun at once, but in a storm. */
const BATCH = 50;
/** Between the end of a storm and the next. */
const LULL_MS = 500;
/** Tabs of one address: a school. */
const TABS_PER_ADDRESS = 50;

const [, , json = ''] = process.argv;
// Only stage.ts starts this, with a CrowdTask.
const task: CrowdTask = JSON.parse(json);
const stormKeys = await Promise.all(Array.from({ length: task.storm }, newKeys));
let isStormy = false;
let askers: readonly Tab[] = [];
process.on('message', (order: CrowdOrder) => {
  void act(order).then((answer) => process.send?.(answer));
});
process.send?.('ready');

async function act(order: CrowdOrder): Promise<unknown> {
  switch (order) {
    case 'hold':
      return hold();
    case 'ask':
      return ask();
    case 'storm':
      return storms();
    case 'calm':
      isStormy = false;
      for (const socket of askers) socket.disconnect();
      return 'calm';
  }
}

async function come(address: string, keys?: OwnKeys): Promise<Tab> {
  const socket = await connect(task.url, address);
  if (task.registers) await register(socket, keys === undefined ? {} : { keys });
  else await socket.emitWithAck('hello', { version: 2 });
  return socket;
}

/** Milliseconds until all are there. */
async function hold(): Promise<number> {
  const keys = await Promise.all(Array.from({ length: task.tabs }, newKeys));
  const startedAt = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    for (let tab = next++; tab < task.tabs; tab = next++) {
      const group = Math.floor(tab / TABS_PER_ADDRESS);
      await come(`198.18.${group >> 8}.${group & 255}`, keys[tab]);
    }
  };
  await Promise.all(Array.from({ length: BATCH }, one));
  return performance.now() - startedAt;
}

async function ask(): Promise<string> {
  const places = Array.from({ length: task.askers }, (_, asker) => `198.19.0.${asker}`);
  askers = await Promise.all(places.map((address) => come(address)));
  for (const socket of askers)
    setInterval(() => {
      // Socket.IO would keep what cannot be sent.
      if (!socket.connected) return;
      for (let each = 0; each < REQUESTS_PER_SECOND / TICKS_PER_SECOND; each += 1)
        socket.emit('sponsor', () => undefined);
    }, 1_000 / TICKS_PER_SECOND).unref();
  return 'asking';
}

/** How long each tab of each storm took from its first word to its registration, milliseconds; once it is calm again. */
async function storms(): Promise<readonly number[]> {
  isStormy = true;
  const times: number[] = [];
  while (isStormy) {
    const tabs = await Promise.all(
      stormKeys.map(async (keys, index) => {
        const startedAt = performance.now();
        const socket = await come(`198.19.${1 + (index >> 8)}.${index & 255}`, keys);
        times.push(performance.now() - startedAt);
        return socket;
      }),
    );
    for (const socket of tabs) socket.disconnect();
    await pause(LULL_MS);
  }
  return times;
}
