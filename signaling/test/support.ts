// Helpers of the Discovery node's tests: scripted randomness, tabs on real sockets that prove their keys, and waiting for a
// printed line.

import { type Socket as ClientSocket, io } from 'socket.io-client';
import { type Certificate, decodeCertificate } from '../../client/src/trust/certificate.ts';
import { keySuite, type OwnKeys } from '../../client/src/trust/key-suite.ts';
import { statement } from '../../client/src/trust/statement.ts';
import {
  type ClientToServerEvents,
  type Hello,
  type Refusal,
  type RegisterRequest,
  type Registration,
  registrationParts,
  type ServerToClientEvents,
} from '../protocol.ts';
import type { Random } from '../random.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../server.ts';

/** How long an answer may take, on a crowded machine too. */
const ANSWER_MS = 30_000;

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
  connect(options?: { readonly reconnection?: boolean; readonly extraHeaders?: Record<string, string> }): Promise<Tab>;
  close(): Promise<void>;
}

export async function startBench(options: DiscoveryOptions = {}): Promise<Bench> {
  const lines = new Lines();
  const node = await startDiscoveryNode({ host: '127.0.0.1', random: seededRandom(1), log: lines.add, ...options });
  const tabs: Tab[] = [];
  const connect: Bench['connect'] = ({ reconnection = false, extraHeaders = {} } = {}) =>
    new Promise((resolve, reject) => {
      const tab: Tab = io(node.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection,
        extraHeaders,
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

export async function newKeys(): Promise<OwnKeys> {
  return (await keySuite()).create('raw');
}

const keysByTab = new WeakMap<Tab, Promise<OwnKeys>>();

/** The keys with which this tab registers, unless a request brings others. */
export function keysOf(tab: Tab): Promise<OwnKeys> {
  let keys = keysByTab.get(tab);
  if (keys === undefined) {
    keys = newKeys();
    keysByTab.set(tab, keys);
  }
  return keys;
}

export interface TestRequest
  extends Partial<Pick<RegisterRequest, 'role' | 'wantedId' | 'certificate' | 'life' | 'device'>> {
  readonly keys?: OwnKeys;
}

export async function hello(tab: Tab): Promise<Hello> {
  return accepted(await tab.timeout(ANSWER_MS).emitWithAck('hello', { version: 2 }));
}

/** A registration as it is to be sent on this socket, well signed. */
export async function signedRequest(tab: Tab, request: TestRequest = {}): Promise<RegisterRequest> {
  const { ringKey, challenge } = await hello(tab);
  const { role = 'node', life = 'new', device = 'device-1', wantedId, certificate } = request;
  const keys = request.keys ?? (await keysOf(tab));
  const { signKey, agreeKey } = keys;
  const wishes = {
    ...(wantedId === undefined ? {} : { wantedId }),
    ...(certificate === undefined ? {} : { certificate }),
  };
  const unsigned = { role, life, device, signKey, agreeKey, ...wishes };
  const signature = await keys.sign(statement('registration', ringKey, registrationParts(challenge, unsigned)));
  return { version: 2, ...unsigned, signature };
}

/** Asks to be registered; the answer may be a refusal. */
export async function tryRegister(tab: Tab, request: TestRequest = {}): Promise<Registration | Refusal> {
  return tab.timeout(ANSWER_MS).emitWithAck('register', await signedRequest(tab, request));
}

/** Registers and expects to be welcome. */
export async function register(tab: Tab, request: TestRequest = {}): Promise<Registration> {
  return accepted(await tryRegister(tab, request));
}

export function decoded(certificate: string): Certificate {
  const found = decodeCertificate(certificate);
  if (found === undefined) throw new Error(`not a certificate: ${certificate}`);
  return found;
}

export function accepted<Answer extends object>(answer: Answer | Refusal): Answer {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.code}: ${answer.error.message}`);
  return answer;
}

export function refusalCode(answer: unknown): string | undefined {
  return isRefusal(answer) ? answer.error.code : undefined;
}

export function refusalMessage(answer: unknown): string | undefined {
  return isRefusal(answer) ? answer.error.message : undefined;
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

/** Emits what no honest tab would, past the compiler. */
export function emitRaw(tab: Tab, event: string, ...parameters: unknown[]): void {
  Reflect.apply(tab.emit, tab, [event, ...parameters]);
}

export function askRaw(tab: Tab, event: string, ...parameters: unknown[]): Promise<unknown> {
  return new Promise((resolve) => emitRaw(tab, event, ...parameters, resolve));
}

export function disconnected(tab: Tab): Promise<string> {
  return new Promise((resolve) => tab.once('disconnect', resolve));
}
