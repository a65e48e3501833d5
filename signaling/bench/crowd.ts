// A process full of strangers: tabs that only are there, and sockets that ask for sponsors as often as one socket may. Tells
// its parent when all are connected and registered.

import type { Tab } from '../test/support.ts';
import { connect, registerAt } from './measure.ts';

export interface Crowd {
  /** Registered and silent, from so many addresses. */
  readonly tabs: number;
  readonly tabAddresses: number;
  /** Registered and asking, from so many addresses. */
  readonly askers: number;
  readonly askerAddresses: number;
}

/** What one socket may ask for: signaling/limits.ts. */
const REQUESTS_PER_SECOND = 64;
const TICKS_PER_SECOND = 8;
/** Connections that are begun at once. */
const BATCH = 25;
/** Before a stranger that was refused tries again. */
const COME_BACK_MS = 1_000;

const [, , url = '', server, json = '{}'] = process.argv;
// Only main.ts starts this, with a Crowd.
let isAsking = false;
process.on('message', () => {
  isAsking = true;
});
await fill(url, server === 'discovery', JSON.parse(json));
process.send?.('ready');

async function fill(url: string, registers: boolean, crowd: Crowd): Promise<void> {
  const come = async (address: string): Promise<Tab> => {
    const socket = await connect(url, address);
    if (registers) await registerAt(socket);
    return socket;
  };
  await inBatches(crowd.tabs, (tab) => come(`198.18.${tab % crowd.tabAddresses}.1`));
  await inBatches(crowd.askers, async (asker) => {
    const address = `198.19.${asker % crowd.askerAddresses}.1`;
    let socket = await come(address);
    // Who is cut off comes back.
    const comeBack = async (): Promise<void> => {
      try {
        socket = await come(address);
        socket.once('disconnect', comeBack);
      } catch {
        setTimeout(comeBack, COME_BACK_MS); // refused: it has used up what its address may begin
      }
    };
    socket.once('disconnect', comeBack);
    setInterval(() => {
      // Socket.IO would keep what cannot be sent.
      if (!isAsking || !socket.connected) return;
      for (let ask = 0; ask < REQUESTS_PER_SECOND / TICKS_PER_SECOND; ask += 1) socket.emit('sponsor', () => undefined);
    }, 1_000 / TICKS_PER_SECOND);
  });
}

async function inBatches(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    await Promise.all(Array.from({ length: size }, (_, index) => act(from + index)));
  }
}
