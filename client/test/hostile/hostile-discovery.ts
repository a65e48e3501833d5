// A Discovery node that lies about signals: it stands before a true one and hands everything on in both directions, but may
// change what tabs send each other, and say that a signal is of whom it likes.

import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { type Socket as ClientSocket, io } from 'socket.io-client';
import * as v from 'valibot';

const Registered = v.object({ nodeId: v.string() });

export class HostileDiscovery {
  readonly #http: HttpServer;
  readonly #server: Server;
  readonly #behind = new Set<ClientSocket>();
  readonly #socketById = new Map<string, Socket>();
  /** What becomes of each signal. */
  change: (signal: string) => string = (signal) => signal;

  private constructor(http: HttpServer, trueUrl: string) {
    this.#http = http;
    this.#server = new Server(http, { serveClient: false });
    this.#server.on('connection', (socket) => this.#join(socket, trueUrl));
  }

  static async start(trueUrl: string): Promise<HostileDiscovery> {
    const http = createServer();
    const discovery = new HostileDiscovery(http, trueUrl);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return discovery;
  }

  get url(): string {
    const { port } = this.#http.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Tells a registered tab that `from` has sent this. */
  tell(to: string, from: string, signal: string): void {
    const socket = this.#socketById.get(to);
    if (socket === undefined) throw new Error(`${to} is not registered here`);
    socket.emit('signal', { from, signal });
  }

  async close(): Promise<void> {
    for (const behind of this.#behind) behind.disconnect();
    await this.#server.close();
  }

  #join(socket: Socket, trueUrl: string): void {
    const behind: ClientSocket = io(trueUrl, { transports: ['websocket'], forceNew: true, reconnection: false });
    this.#behind.add(behind);
    socket.onAny((event: string, ...parameters: unknown[]) => {
      const acknowledge = parameters.at(-1);
      if (typeof acknowledge !== 'function') return void behind.emit(event, ...parameters);
      behind.emit(event, ...parameters.slice(0, -1).map((value) => this.#changed(value)), (answer: unknown) => {
        if (event === 'register' && v.is(Registered, answer)) this.#socketById.set(answer.nodeId, socket);
        Reflect.apply(acknowledge, undefined, [answer]);
      });
    });
    behind.onAny((event: string, ...parameters: unknown[]) => void socket.emit(event, ...parameters));
    behind.on('disconnect', () => socket.disconnect(true));
    socket.on('disconnect', () => {
      behind.disconnect();
      this.#behind.delete(behind);
    });
  }

  #changed(request: unknown): unknown {
    if (typeof request !== 'object' || request === null || !('signal' in request)) return request;
    return { ...request, signal: this.change(String(request.signal)) };
  }
}
