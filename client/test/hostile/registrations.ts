// Strangers that register and go, one after the other: each takes a place at the Discovery node and is none of the ring.

import { setTimeout as delay } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { type Tab, tryRegister } from '../../../signaling/test/support.ts';

/** For an answer; the Discovery node may be away. */
const LIMIT_MS = 5_000;

/** Registers one. True if it was let. */
export async function registerStranger(server: string): Promise<boolean> {
  const tab: Tab = io(server, { transports: ['websocket'], forceNew: true, reconnection: false });
  const answered = new Promise<boolean>((resolve) => {
    tab.once('connect_error', () => resolve(false));
    tab.once('disconnect', () => resolve(false));
    tab.once('connect', () => {
      tryRegister(tab, {}).then(
        (answer) => resolve('nodeId' in answer),
        () => resolve(false),
      );
    });
  });
  const isTaken = await Promise.race([answered, delay(LIMIT_MS, false)]);
  tab.disconnect();
  return isTaken;
}
