// Several Discovery nodes of one ring, each a process of its own, on a real Redis and behind one address.

import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedisServer } from '../../../signaling/test/redis-server.ts';
import { Command } from './command.ts';

const PROGRAM = ['--import', 'tsx', fileURLToPath(new URL('../../../signaling/main.ts', import.meta.url))];

export interface Member {
  readonly url: string;
  readonly process: Command;
}

export class ServerGroup {
  readonly redis: RedisServer;
  readonly #directory: string;
  readonly #front: Server;
  readonly #members: Member[] = [];
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  private constructor(redis: RedisServer, directory: string) {
    this.redis = redis;
    this.#directory = directory;
    this.#front = createServer((socket) => this.#passOn(socket));
  }

  /** `keeps`: Redis has its data on a disk. */
  static async start(servers: number, keeps: boolean): Promise<ServerGroup> {
    const directory = await mkdtemp(join(tmpdir(), 'tabring-servers-'));
    const group = new ServerGroup(await RedisServer.start(keeps), directory);
    await new Promise<void>((resolve) => group.#front.listen(0, '127.0.0.1', resolve));
    // One after the other: the first makes the ring's key.
    for (let server = 0; server < servers; server += 1) await group.add();
    return group;
  }

  /** Where the ring is, whichever of its servers answers. */
  get url(): string {
    const { port } = this.#front.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** One more, which is among those that answer from now on. */
  async add(): Promise<Member> {
    const key = join(this.#directory, 'ring-key.json');
    const args = ['--host', '127.0.0.1', '--port', '0', '--ring-key', key, '--redis', this.redis.url, '--log', 'json'];
    const process = new Command('', args, { program: PROGRAM });
    const ready: { readonly url: string } = JSON.parse(
      `{"event":"ready",${await process.matched('"event":"ready",', 0)}`,
    );
    const member = { url: ready.url, process };
    this.#members.push(member);
    return member;
  }

  /** SIGTERM: it stops in order; SIGKILL: as by a fault. */
  async end(member: Member, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#members.splice(this.#members.indexOf(member), 1);
    member.process.signal(signal);
    await member.process.ended;
  }

  async stop(): Promise<void> {
    for (const member of [...this.#members]) await this.end(member, 'SIGTERM');
    for (const socket of this.#sockets) socket.destroy();
    this.#front.close();
    await this.redis.end();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #passOn(visitor: Socket): void {
    this.#turn += 1;
    const member = this.#members[this.#turn % Math.max(1, this.#members.length)];
    if (member === undefined) {
      visitor.destroy();
      return;
    }
    const { hostname, port } = new URL(member.url);
    const server = createConnection(Number(port), hostname);
    for (const [one, other] of [
      [visitor, server],
      [server, visitor],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}

/** Who is registered at one of them, as it says itself. */
export async function registeredAt({ url }: Member): Promise<number> {
  const health: { readonly peers: number } = JSON.parse(await (await fetch(`${url}/healthz`)).text());
  return health.peers;
}
