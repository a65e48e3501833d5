// Servers to be measured and a crowd of strangers at each, every one in a process of its own.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CrowdOrder, CrowdTask } from './crowd.ts';
import type { Burden, ServerTask } from './servers.ts';

const CROWD = fileURLToPath(new URL('crowd.ts', import.meta.url));
const SERVERS = fileURLToPath(new URL('servers.ts', import.meta.url));

export type Strangers = Omit<CrowdTask, 'url' | 'registers'>;

/** One server with its crowd. */
export class Stage {
  readonly url: string;
  readonly #server: ChildProcess;
  readonly #crowd: ChildProcess;

  private constructor(url: string, server: ChildProcess, crowd: ChildProcess) {
    this.url = url;
    this.#server = server;
    this.#crowd = crowd;
  }

  static async open(task: ServerTask, strangers: Strangers): Promise<Stage> {
    const server = start(SERVERS, task, ['--expose-gc']);
    const url = String(await said(server));
    const registers = task.kind === 'discovery';
    const crowd = start(CROWD, { ...strangers, url, registers } satisfies CrowdTask);
    await said(crowd);
    return new Stage(url, server, crowd);
  }

  /** What the server takes. */
  async burden(): Promise<Burden> {
    this.#server.send('burden');
    return (await said(this.#server)) as Burden;
  }

  /** Resolves with what the crowd answers: see crowd.ts. */
  order(order: CrowdOrder): Promise<unknown> {
    this.#crowd.send(order);
    return said(this.#crowd);
  }

  /** Storms while `act` runs, and how long each of their tabs took, milliseconds. */
  async during<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly times: readonly number[] }> {
    this.#crowd.send('storm');
    const times = said(this.#crowd, Array.isArray);
    const result = await act();
    await this.order('calm');
    return { result, times: (await times) as number[] };
  }

  close(): void {
    for (const child of [this.#server, this.#crowd]) child.kill('SIGKILL');
  }
}

function start(module: string, task: object, execArgv: readonly string[] = []): ChildProcess {
  return fork(module, [JSON.stringify(task)], { execArgv: ['--import', 'tsx', ...execArgv] });
}

/** What the process says next of what is wanted. */
function said(child: ChildProcess, isWanted: (message: unknown) => boolean = () => true): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of the bench ended with ${code}`));
    const heard = (message: unknown): void => {
      if (!isWanted(message)) return;
      child.off('exit', ended);
      child.off('message', heard);
      resolve(message);
    };
    child.once('exit', ended);
    child.on('message', heard);
  });
}
