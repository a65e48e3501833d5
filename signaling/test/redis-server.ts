// A real redis-server for a test: its own process, on a free port of this machine, in a temporary directory.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = 'redis-server';

/** Why tests of Redis are skipped here; undefined: they run. */
export const withoutRedis: string | undefined =
  spawnSync(PROGRAM, ['--version']).error === undefined
    ? undefined
    : 'redis-server is not installed (Debian: apt-get install redis-server)';

export class RedisServer {
  readonly #port: number;
  readonly #directory: string;
  readonly #keeps: boolean;
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string, keeps: boolean) {
    this.#port = port;
    this.#directory = directory;
    this.#keeps = keeps;
  }

  /** `keeps`: its data survive it, as they should in earnest. */
  static async start(keeps: boolean): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'tabring-redis-')), keeps);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Again, after its end. */
  async begin(): Promise<void> {
    const place = ['--port', String(this.#port), '--bind', '127.0.0.1', '--dir', this.#directory, '--daemonize', 'no'];
    const keeping = ['--save', '', '--appendonly', this.#keeps ? 'yes' : 'no', '--appendfsync', 'always'];
    const process = spawn(PROGRAM, [...place, ...keeping], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = process;
    const lines = createInterface({ input: process.stdout });
    const said: string[] = [];
    for await (const line of lines) {
      said.push(line);
      if (line.includes('Ready to accept connections')) break;
    }
    process.stdout.resume();
    if (process.exitCode !== null) throw new Error(`redis-server did not start:\n${said.join('\n')}`);
  }

  /** It is there, and does nothing any more. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
