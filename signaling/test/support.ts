// Helpers of the Discovery node's tests: scripted randomness, tabs on real sockets, and waiting for a printed line.

import { type Socket as ClientSocket, io } from 'socket.io-client';
import type { ClientToServerEvents, Refusal, Registration, ServerToClientEvents } from '../protocol.ts';
import type { Random } from '../random.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../server.ts';

export type Tab = ClientSocket<ServerToClientEvents, ClientToServerEvents>;

/** Draws that are always the same for the same seed (a linear congruential generator, Numerical Recipes). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const hex = (characters: number): string => Array.from({ length: characters }, () => below(16).toString(16)).join('');
  return { hex, below };
}

/** The lines a Discovery node printed, and the next ones to come. */
class Lines {
  readonly all: string[] = [];
  readonly #waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void }[] = [];

  readonly add = (line: string): void => {
    this.all.push(line);
    for (const waiter of this.#waiting) if (waiter.pattern.test(line)) waiter.resolve(line);
  };

  /** The first line, printed or to come, that matches. */
  matching(pattern: RegExp): Promise<string> {
    const printed = this.all.find((line) => pattern.test(line));
    if (printed !== undefined) return Promise.resolve(printed);
    return new Promise((resolve) => this.#waiting.push({ pattern, resolve }));
  }
}

export interface Bench {
  readonly node: DiscoveryNode;
  readonly lines: Lines;
  /** A tab that is connected and not yet registered. */
  connect(options?: { readonly reconnection?: boolean }): Promise<Tab>;
  close(): Promise<void>;
}

export async function startBench(options: DiscoveryOptions = {}): Promise<Bench> {
  const lines = new Lines();
  const node = await startDiscoveryNode({ host: '127.0.0.1', random: seededRandom(1), log: lines.add, ...options });
  const tabs: Tab[] = [];
  const connect: Bench['connect'] = ({ reconnection = false } = {}) =>
    new Promise((resolve, reject) => {
      const tab: Tab = io(node.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection,
        // A restarted Discovery node is back at once.
        reconnectionDelay: 10,
        reconnectionDelayMax: 50,
      });
      tabs.push(tab);
      tab.once('connect', () => resolve(tab));
      tab.once('connect_error', reject);
    });
  const close = async (): Promise<void> => {
    for (const tab of tabs) tab.disconnect();
    await node.close();
  };
  return { node, lines, connect, close };
}

/** Registers and expects to be welcome. */
export async function register(
  tab: Tab,
  request: { readonly wantedId?: string; readonly secret?: string } = {},
): Promise<Registration> {
  return accepted(await tab.timeout(5_000).emitWithAck('register', { device: 'device-1', ...request }));
}

export function accepted<Answer extends object>(answer: Answer | Refusal): Answer {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.code}: ${answer.error.message}`);
  return answer;
}

export function refusalCode(answer: unknown): string | undefined {
  return isRefusal(answer) ? answer.error.code : undefined;
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}
