// The sockets that hold registrations, here or at another Discovery node of the ring: what is sent to one of them, by its id.

import type { FarFrames } from './far-frames.ts';
import { REMOVAL_GRACE_MS } from './limits.ts';
import type { RelayedSignal } from './protocol.ts';
import type { RelayedFrame } from './relay-protocol.ts';
import type { TabServer } from './session.ts';

export class Holders {
  readonly #io: TabServer;
  readonly #far: FarFrames | undefined;

  /** `far`: to other Discovery nodes, to which Socket.IO's adapter carries the rest; undefined: there is none. */
  constructor(io: TabServer, far: FarFrames | undefined) {
    this.#io = io;
    this.#far = far;
  }

  get #isAlone(): boolean {
    return this.#far === undefined;
  }

  /** False: there is no such socket. */
  signal(holder: string, relayed: RelayedSignal): boolean {
    const socket = this.#io.sockets.sockets.get(holder);
    if (socket !== undefined) socket.emit('signal', relayed);
    else if (!this.#isAlone) this.#io.to(holder).emit('signal', relayed);
    return socket !== undefined || !this.#isAlone;
  }

  /** Hands a frame to a socket, and tells once whether its tab has acknowledged it in time. False: there is no such socket. */
  frame(holder: string, frame: RelayedFrame, timeoutMs: number, received: (isReceived: boolean) => void): boolean {
    const socket = this.#io.sockets.sockets.get(holder);
    if (socket !== undefined) socket.timeout(timeoutMs).emit('frame', frame, (error) => received(error === null));
    else this.#far?.send(holder, frame, timeoutMs, received);
    return socket !== undefined || !this.#isAlone;
  }

  /** Ends a socket: told why, it may hand its blocks over first; without a reason at once. */
  dismiss(holder: string, reason: string | undefined): void {
    if (reason === undefined) {
      this.#disconnect(holder);
      return;
    }
    const socket = this.#io.sockets.sockets.get(holder);
    if (socket !== undefined) socket.emit('removed', reason);
    else if (!this.#isAlone) this.#io.to(holder).emit('removed', reason);
    setTimeout(() => this.#disconnect(holder), REMOVAL_GRACE_MS).unref();
  }

  #disconnect(holder: string): void {
    const socket = this.#io.sockets.sockets.get(holder);
    if (socket !== undefined) socket.disconnect(true);
    else if (!this.#isAlone) this.#io.in(holder).disconnectSockets(true);
  }
}
