// The command `tabring` as a process of its own, for tests.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './node-peers.ts';

const BIN = fileURLToPath(new URL('../../src/node/bin.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Command {
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  readonly ended: Promise<Ended>;

  /** `input` goes to its standard input, which stays open without it. */
  constructor(
    server: string,
    args: readonly string[],
    options: { readonly cwd?: string; readonly input?: string } = {},
  ) {
    const { npm_lifecycle_event: _, ...environment } = process.env;
    const env = { ...environment, TABRING_SERVER: server };
    this.#child = spawn(process.execPath, [BIN, ...args], { env, cwd: options.cwd, stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    if (options.input !== undefined) this.#child.stdin?.end(options.input);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until it has printed this. */
  printed(text: string): Promise<void> {
    return until(() => {
      if (this.#child.exitCode !== null) throw new Error(`ended without "${text}": ${this.#stdout}${this.#stderr}`);
      return this.#stdout.includes(text);
    });
  }

  /** This process only, by its id. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name);
  }
}
