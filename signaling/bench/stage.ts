// A server to be measured and a crowd of strangers at it, each in a process of its own.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Crowd } from './crowd.ts';

const CROWD = fileURLToPath(new URL('crowd.ts', import.meta.url));
const SERVERS = fileURLToPath(new URL('servers.ts', import.meta.url));

export class Stage {
  readonly url: string;
  readonly #server: ChildProcess;
  readonly #crowd: ChildProcess;

  private constructor(url: string, server: ChildProcess, crowd: ChildProcess) {
    this.url = url;
    this.#server = server;
    this.#crowd = crowd;
  }

  static async open(kind: 'discovery' | 'echo', crowd: Crowd): Promise<Stage> {
    const server = start(SERVERS, kind);
    const url = await said(server);
    const strangers = start(CROWD, url, kind, JSON.stringify(crowd));
    await said(strangers);
    return new Stage(url, server, strangers);
  }

  /** From now on the crowd asks as much as it may. */
  ask(): void {
    this.#crowd.send('ask');
  }

  close(): void {
    for (const child of [this.#server, this.#crowd]) child.kill('SIGKILL');
  }
}

function start(module: string, ...args: readonly string[]): ChildProcess {
  return fork(module, args, { execArgv: ['--import', 'tsx'] });
}

/** What the process says first. */
function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}`)));
  });
}
