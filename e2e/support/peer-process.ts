// Many Node peers in a process of their own (client/src/node/many-peers.ts), asked over its standard input.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { NodeId } from '../../client/src/core/pastry/id.ts';
import type { CrowdMeasure, Parting } from '../../client/src/node/peer-crowd.ts';
import type { LookupResult, PeerInspection } from '../../client/src/peer/api.ts';

const MANY_PEERS = fileURLToPath(new URL('../../client/src/node/many-peers.ts', import.meta.url));
/** Lines that it printed last, for a failure's report. */
const KEPT_LINES = 20;
/** An answer takes as long as a lookup or a handing over at most; then the process is stuck. */
const ANSWER_MS = 120_000;

/** All peers say goodbye at once; a process that does not end by then is stuck. */
const STOP_MS = 20_000;

interface Question {
  answer(json: string): void;
  fail(error: Error): void;
}

export interface PeerProcessOptions {
  readonly peers: number;
  /** That join at the same time. */
  readonly atOnce?: number;
  /** Collects garbage before it measures memory. */
  readonly collectsGarbage?: boolean;
  /** What to write in front of the command, such as `ip netns exec name`. */
  readonly within?: readonly string[];
}

export class PeerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #questionByNumber = new Map<string, Question>();
  readonly #lastLines: string[] = [];
  readonly #ended: Promise<unknown>;
  readonly #started: Promise<void>;
  #asked = 0;

  constructor(server: string, { peers, atOnce, collectsGarbage = false, within = [] }: PeerProcessOptions) {
    const { npm_lifecycle_event: _, ...env } = process.env;
    const flags = collectsGarbage ? ['--expose-gc'] : [];
    const args = ['--peers', String(peers), '--server', server, ...(atOnce ? ['--at-once', String(atOnce)] : [])];
    const words = [...within, process.execPath, ...flags, '--import', 'tsx', MANY_PEERS, ...args];
    this.#child = spawn(words[0] ?? process.execPath, words.slice(1), { env, stdio: 'pipe' });
    this.#ended = once(this.#child, 'close');
    this.#started = new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        if (line.startsWith('leaf sets exact')) resolve();
        this.#heard(line);
      });
      createInterface({ input: this.#child.stderr }).on('line', (line) => this.#keep(line));
      this.#child.on('close', () => {
        const error = new Error(`the process of peers has ended:\n${this.#lastLines.join('\n')}`);
        reject(error);
        for (const question of this.#questionByNumber.values()) question.fail(error);
      });
    });
    // Whoever waits for it is told; without this an early end would count as nobody's.
    this.#started.catch(() => undefined);
  }

  /** Resolves when all its peers are active and their leaf sets exact. */
  started(): Promise<void> {
    return this.#started;
  }

  inspections(): Promise<PeerInspection[]> {
    return this.#ask('inspect');
  }

  measure(): Promise<CrowdMeasure> {
    return this.#ask('measure');
  }

  join(): Promise<NodeId> {
    return this.#ask('join');
  }

  part(nodeId: NodeId, parting: Parting): Promise<null> {
    return this.#ask(`${parting} ${nodeId}`);
  }

  lookup(from: NodeId, key: string): Promise<LookupResult> {
    return this.#ask(`lookup ${from} ${key}`);
  }

  /** What each of its peers finds as the root of a key. */
  roots(key: string): Promise<NodeId[]> {
    return this.#ask(`roots ${key}`);
  }

  /** Neither the process nor its native threads run, as in a machine that sleeps, until `goOn`. */
  standStill(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const stuck = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(stuck);
  }

  async #ask<Answer>(question: string): Promise<Answer> {
    this.#asked += 1;
    const number = String(this.#asked);
    this.#child.stdin.write(`${number} ${question}\n`);
    const json = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer to "${question}"`)), ANSWER_MS);
      this.#questionByNumber.set(number, {
        answer: (json) => {
          clearTimeout(late);
          resolve(json);
        },
        fail: (error) => {
          clearTimeout(late);
          reject(error);
        },
      });
    });
    return JSON.parse(json);
  }

  #heard(line: string): void {
    const [, verdict, number = '', text = ''] = /^(answer|failed) (\d+) (.*)$/.exec(line) ?? [];
    const question = this.#questionByNumber.get(number);
    if (question === undefined) return this.#keep(line);
    this.#questionByNumber.delete(number);
    if (verdict === 'answer') question.answer(text);
    else question.fail(new Error(text));
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
  }
}
