// The connections of a Discovery node to Redis: one on which the directory asks, which fails at once while there is none, so
// that nothing old is done late; and one that Socket.IO's adapter publishes on, which waits.

import { createClient, type RedisClientType } from '@redis/client';
import { DirectoryAway, SharingError } from '../directory.ts';
import { SCRIPTS, type ScriptName } from './lua-scripts.ts';

/** How long the first connection may take, milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Between attempts to connect again. */
const RETRY_LEAST_MS = 50;
const RETRY_MOST_MS = 1_000;
/** Nothing heard for so long, although there is a sign of life each two seconds: the connection is dead. */
const SILENCE_MS = 6_000;
/** Messages for other Discovery nodes that wait while Redis is away: about a second of 5,000 tabs' signals. */
const MOST_WAITING = 5_000;

/** One that never gives up, once it is connected: Socket.IO's adapter would ask one that has again and again without a pause. */
function clientOf(url: string, isWaiting: boolean): RedisClientType {
  return createClient({
    url,
    disableOfflineQueue: !isWaiting,
    ...(isWaiting ? { commandsQueueMaxLength: MOST_WAITING } : {}),
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      ...(isWaiting ? {} : { socketTimeout: SILENCE_MS }),
      reconnectStrategy: (tries) => Math.min(RETRY_MOST_MS, RETRY_LEAST_MS * (tries + 1)),
    },
  });
}

/**
 * For Socket.IO's adapter, which leaves some of its clients' promises alone: if Redis ends at that moment nobody would take
 * the rejection, and the process would end too. What they ask for the client does again by itself once it can.
 */
function forAdapter(client: RedisClientType): RedisClientType {
  const [duplicate, publish] = [client.duplicate.bind(client), client.publish.bind(client)];
  return Object.assign(client, {
    publish: (...asked: Parameters<typeof publish>) => publish(...asked).catch(() => 0),
    duplicate: () => {
      const copy = duplicate();
      const [subscribe, disconnect] = [copy.subscribe.bind(copy), copy.disconnect.bind(copy)];
      return Object.assign(copy, {
        subscribe: (...asked: Parameters<typeof subscribe>) => subscribe(...asked).catch(() => undefined),
        disconnect: async () => {
          if (copy.isOpen) await disconnect();
        },
      });
    },
  });
}

export class RedisConnection {
  /** For Socket.IO's adapter. */
  readonly signals: RedisClientType;
  readonly #asks: RedisClientType;
  readonly #opened = new Set<() => void>();
  readonly #shaByName = new Map<string, string>();
  #lost: (why: string) => void = () => undefined;
  /** The scripts are there. */
  #isOpen = false;

  private constructor(url: string) {
    this.signals = forAdapter(clientOf(url, true));
    this.#asks = clientOf(url, false);
  }

  /** Rejects with a SharingError. `tell` gets a sentence when the connection is lost, and when it is there again. */
  static async open(url: string, tell: (line: string) => void): Promise<RedisConnection> {
    const connection = new RedisConnection(url);
    try {
      await connection.#connect(tell);
      return connection;
    } catch (error) {
      connection.close();
      // The URL may hold a password.
      throw new SharingError(`cannot use Redis at ${hostOf(url)}: ${messageOf(error)}`, { cause: error });
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Called for each new connection from now on; the data may be other than before. */
  whenOpened(act: () => void): void {
    this.#opened.add(act);
  }

  /** What the script answers. Rejects with a DirectoryAway if Redis cannot be reached; it is not known then whether it has run. */
  async run(name: ScriptName, prefix: string, ask: object): Promise<unknown> {
    const sha = this.#shaByName.get(name);
    if (!this.#isOpen || sha === undefined) throw new DirectoryAway('Redis cannot be reached');
    let answer: unknown;
    try {
      answer = await this.#asks.evalSha(sha, { keys: [prefix], arguments: [JSON.stringify(ask)] });
    } catch (error) {
      if (isFaultOfScript(error)) throw error;
      if (isWithoutScripts(error)) await this.#prepare().catch(() => undefined);
      throw new DirectoryAway(messageOf(error), { cause: error });
    }
    return JSON.parse(String(answer));
  }

  /** What is under way is given up. */
  close(): void {
    this.#isOpen = false;
    this.#lost = () => undefined;
    this.#opened.clear();
    for (const client of [this.#asks, this.signals]) client.destroy();
  }

  async #connect(tell: (line: string) => void): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      for (const client of [this.#asks, this.signals]) client.on('error', reject);
    });
    // Only the first one is of interest here.
    failed.catch(() => undefined);
    this.#asks.on('error', (error) => {
      this.#isOpen = false;
      this.#lost(messageOf(error));
    });
    await Promise.race([failed, Promise.all([this.#asks.connect(), this.signals.connect()])]);
    await this.#prepare();
    let isTold = false;
    this.#lost = (why) => {
      if (!isTold) tell(`Redis cannot be reached (${why}): the ring goes on, newcomers wait`);
      isTold = true;
    };
    this.#asks.on('ready', async () => {
      try {
        await this.#prepare();
      } catch {
        return; // lost again: the next connection calls again
      }
      if (isTold) tell('Redis can be reached again');
      isTold = false;
      for (const act of this.#opened) act();
    });
  }

  /** Redis forgets scripts when it ends. */
  async #prepare(): Promise<void> {
    for (const [name, script] of Object.entries(SCRIPTS))
      this.#shaByName.set(name, await this.#asks.scriptLoad(script));
    this.#isOpen = true;
  }
}

/** Redis has answered, and what it says is our fault. */
function isFaultOfScript(error: unknown): boolean {
  return error instanceof Error && /^ERR .*(script|user_script)|^ERR Error (running|compiling)/i.test(error.message);
}

function isWithoutScripts(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'this address';
}
