// A program of this project as a process of its own, `tabring` if nothing else is asked for; for tests of all kinds.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../src/node/bin.mjs', import.meta.url));
/** What commands remember of stores that were broken off: not among the user's own. */
/** For what takes some seconds on an idle machine. */
const PRINTED_MS = 120_000;

let home: string | undefined;

function userHome(): string {
  if (home !== undefined) return home;
  const made = mkdtempSync(join(tmpdir(), 'tabring-user-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  home = made;
  return made;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Command {
  /** The program that runs where no other is asked for. */
  static readonly bin = BIN;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  readonly ended: Promise<Ended>;

  /**
   * `input` goes to its standard input, which stays open without it. `program`: arguments of Node before `args`.
   * `within`: what to write in front of it all, such as `ip netns exec name`.
   */
  constructor(
    server: string,
    args: readonly string[],
    options: {
      readonly cwd?: string;
      /** The user's directory; by default one that all commands of this process share. */
      readonly home?: string;
      readonly input?: string;
      readonly program?: readonly string[];
      readonly within?: readonly string[];
    } = {},
  ) {
    const { npm_lifecycle_event: _, ...environment } = process.env;
    const env = { ...environment, TABRING_SERVER: server, TABRING_HOME: options.home ?? userHome() };
    const [command = '', ...rest] = [
      ...(options.within ?? []),
      process.execPath,
      ...(options.program ?? [BIN]),
      ...args,
    ];
    this.#child = spawn(command, rest, {
      env,
      cwd: options.cwd,
      stdio: 'pipe',
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    if (options.input !== undefined) this.#child.stdin?.end(options.input);
    // A test that fails leaves nothing running.
    const kill = (): boolean => this.#child.kill('SIGKILL');
    process.on('exit', kill);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code) => {
        process.off('exit', kill);
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until it has printed this. */
  async printed(text: string): Promise<void> {
    await this.matched(text, 0);
  }

  /** Waits until it has printed this after the first `from` characters; returns the rest of that line. */
  async matched(text: string, from: number): Promise<string> {
    const at = await this.shown(text, from);
    const end = await this.shown('\n', at);
    return this.#stdout.slice(at + text.length, end);
  }

  /** Waits until this stands in what it has printed after the first `from` characters, in the middle of a line too; returns where. */
  async shown(text: string, from = 0): Promise<number> {
    const stdout = this.#child.stdout;
    const deadline = AbortSignal.timeout(PRINTED_MS);
    for (;;) {
      const at = this.#stdout.indexOf(text, from);
      if (at >= 0) return at;
      const isOver = this.#child.exitCode !== null || deadline.aborted;
      if (isOver || stdout === null) throw new Error(`no "${text}": ${this.#stdout}${this.#stderr}`);
      const ended = new AbortController();
      const signal = AbortSignal.any([deadline, ended.signal]);
      await Promise.race([
        // Whatever comes first: the next words, the end, or that it takes too long.
        once(stdout, 'data', { signal }).catch(() => undefined),
        this.ended,
      ]);
      ended.abort();
    }
  }

  /** One line for its standard input. */
  type(line: string): void {
    this.keys(`${line}\n`);
  }

  /** Keys as they are pressed. */
  keys(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** This process only, by its id. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name);
  }
}
