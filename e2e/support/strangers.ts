// Clients of the Discovery node that are no tabs: some only connect, some prove keys of their own, get a certificate, and sign
// what they like.

import { expect } from 'playwright/test';
import { io } from 'socket.io-client';
import { encodeEnvelope } from '../../client/src/links/envelope.ts';
import { Credentials } from '../../client/src/trust/credentials.ts';
import { keySuite } from '../../client/src/trust/key-suite.ts';
import { askRaw, decoded, hello, keysOf, register, type Tab } from '../../signaling/test/support.ts';
import type { Ring } from './ring.ts';

export class Strangers {
  readonly #ring: Ring;
  readonly #sockets: Tab[] = [];

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  async open(): Promise<Tab> {
    const socket: Tab = io(this.#ring.discovery.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    this.#sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }

  /** One that is registered and certified, with keys of its own. */
  async certified(): Promise<{ readonly socket: Tab; readonly credentials: Credentials }> {
    const socket = await this.open();
    const { certificate, time } = await register(socket);
    const credentials = new Credentials({
      ...{ suite: await keySuite(), keys: await keysOf(socket), ringKey: (await hello(socket)).ringKey },
      certificate: decoded(certificate),
      time: { seconds: time, renewableSeconds: time },
    });
    return { socket, credentials };
  }

  /** Waits until the Discovery node has closed the connection. */
  async gone(socket: Tab): Promise<void> {
    await expect.poll(() => socket.connected).toBe(false);
  }

  close(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}

/** A signal that says `body` to `to`, signed by one, with the certificate of the same or of another. */
export async function signedSignal(
  by: Credentials,
  to: string,
  body: string,
  certificate = by.encoded,
): Promise<string> {
  return encodeEnvelope({ to, certificate, signature: await by.sign('signal', [to, body]), body });
}

/** Has the Discovery node carry a signal, which it does whatever the signal says. */
export async function relay(socket: Tab, to: string, signal: string): Promise<void> {
  const answer: unknown = await askRaw(socket, 'signal', { to, signal });
  expect(answer).toEqual({ relayed: true });
}
