// All that a Discovery node shares with others of its rings: one Redis, in which each ring has names of its own.

import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { ServerOptions } from 'socket.io';
import type { RingParams } from '../../client/src/core/pastry/params.ts';
import { type Directory, SharingError } from '../directory.ts';
import { RETURN_MS } from '../limits.ts';
import type { Log } from '../logging.ts';
import type { Random } from '../random.ts';
import type { Ring } from '../ring.ts';
import { MAIN_RING } from '../ring-names.ts';
import { RedisConnection } from './connection.ts';
import { LEASE_MS, MAX_SHARED_RECORDS, MAX_STREAM } from './limits.ts';
import { RedisDirectory } from './redis-directory.ts';
import { Registry } from './registry.ts';

export interface SharedDirectoryParts {
  /** '': the ring at the Discovery node's own address. */
  readonly name: string;
  readonly params: RingParams;
  readonly ring: Ring;
  readonly maxPeersPerAddress: number;
  readonly random: Random;
  readonly now: () => number;
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly displaced: (holder: string) => void;
}

export interface Hub {
  /** What carries events to the sockets of other Discovery nodes. */
  adapterFor(ringName: string): NonNullable<ServerOptions['adapter']>;
  /** Rejects with a SharingError if the others' ring of this name is another one. */
  openDirectory(parts: SharedDirectoryParts): Promise<Directory>;
  close(): void;
}

const BOUNDS = { leaseMs: LEASE_MS, returnMs: RETURN_MS, mostRecords: MAX_SHARED_RECORDS };

/** Rejects with a SharingError. */
export async function openHub(url: string, log: Log): Promise<Hub> {
  const tell = (line: string): void => log(line, { event: 'redis' });
  const connection = await RedisConnection.open(url, tell);
  return {
    adapterFor: (ringName) => {
      const streamName = `${prefixOf(ringName)}signals`;
      return createAdapter(connection.signals, { streamName, channelPrefix: streamName, maxLen: MAX_STREAM });
    },
    openDirectory: (parts) => openDirectory(connection, parts, tell),
    close: () => connection.close(),
  };
}

async function openDirectory(
  connection: RedisConnection,
  { name, params, ring, maxPeersPerAddress, random, now, seconds, displaced }: SharedDirectoryParts,
  tell: (line: string) => void,
): Promise<Directory> {
  const registry = new Registry(connection, prefixOf(name));
  const terms = { ringKey: ring.keys.signKey, params: JSON.stringify(params) };
  const records = ring.records
    .running(seconds)
    .map(([nodeId, { signKey, until, epoch }]) => [nodeId, signKey ?? (false as const), until, epoch] as const);
  const ask = { ...terms, isComplete: ring.isComplete, records, seconds, ...BOUNDS };
  const { problem } = await registry.open(ask);
  if (problem !== undefined) throw new SharingError(PROBLEMS[problem](name === '' ? MAIN_RING : name));
  const directory = new RedisDirectory({
    ...{ registry, digits: params.digits, maxPeersPerAddress, random, ring: terms, now, displaced, tell },
    isReachable: () => connection.isOpen,
  });
  await directory.begin((act) => connection.whenOpened(act));
  return directory;
}

/** In braces: what of a name decides where a cluster keeps it. */
function prefixOf(ringName: string): string {
  return `tabring:{${ringName === '' ? MAIN_RING : ringName}}:`;
}

const PROBLEMS = {
  key: (name: string) =>
    `the Discovery nodes on this Redis have another key for the ring ${name}: copy theirs here (--ring-key), or take another database of Redis for another ring`,
  params: (name: string) =>
    `the Discovery nodes on this Redis have other parameters for the ring ${name}: give this one the same, or stop the others first`,
} as const;
