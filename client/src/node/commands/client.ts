// A command's way into the ring: a light client, registered with the Discovery node for as long as the command runs. It
// is no node of the ring (light-node.ts), so coming and going moves nobody's data.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../../core/pastry/id.ts';
import type { PeerApi } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';
import type { Settings } from '../../peer/ports.ts';
import { userDirectory } from '../../stores/fs-owned-files.ts';
import { FsSettings } from '../../stores/fs-settings.ts';
import { composeNodePeer, type NodePeer, type NodePeerOptions } from '../compose.ts';
import { LightNode } from '../light-node.ts';
import { FsJournals } from '../store-journals.ts';
import { whyUnreachable } from '../why-unreachable.ts';
import { type CommandContext, CommandError } from './context.ts';

export interface Client {
  readonly peer: PeerApi;
  /** The random node of the ring that the Discovery node named: everything goes through it. */
  readonly randomNode: NodeId;
  /** The route of a message without the client, which is no node of the ring: from the random node to the root. */
  route(route: readonly NodeId[]): readonly NodeId[];
  /** Waits until all that was stored has all its copies. False if it takes too long: the ring goes on by itself. */
  whenComplete(): Promise<boolean>;
}

/** For the copies beyond the quorum, which the ring makes by itself. */
const COMPLETE_TIMEOUT_MS = 20_000;
const COMPLETE_CHECK_MS = 50;

/** Runs `use` with a client, with these settings in place of its memory, and leaves afterwards, whatever happens. Rejects with what it rejects with, or a CommandError. */
export async function withClient<Result>(
  context: CommandContext,
  { settings }: Pick<NodePeerOptions, 'settings'>,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  let light: LightNode | undefined;
  const node = await connect(context, {
    role: 'client',
    settings,
    entrySettings: userSettings(),
    // Holds nothing, whatever it is offered.
    quotaBytes: 0,
    createNode: (config) => {
      light = new LightNode(config);
      return light;
    },
    // Looked for when it is wanted: who only fetches needs no home directory.
    journals: new FsJournals(() => join(userDirectory(process.env), 'unfinished')),
  });
  const { peer, sponsor } = node;
  const whenComplete = async (): Promise<boolean> => {
    const until = performance.now() + COMPLETE_TIMEOUT_MS;
    while (light?.isComplete === false) {
      if (performance.now() > until || context.signal.aborted) return false;
      await delay(COMPLETE_CHECK_MS);
    }
    return true;
  };
  const begin = async (): Promise<Result> => {
    if (sponsor === undefined) {
      throw new CommandError(
        `the ring is empty: open ${context.server} in a browser, or start a node with "tabring peer"`,
      );
    }
    await peer.start();
    const route = (nodes: readonly NodeId[]): readonly NodeId[] => (nodes[0] === peer.nodeId ? nodes.slice(1) : nodes);
    return use({ peer, randomNode: sponsor, route, whenComplete });
  };
  // What it stored is on nodes of the ring; nothing has to be handed over. What still waits fails now, and cleans up.
  return doneOrStopped(begin(), context.signal, () => node.goodbye());
}

/** Leaves when the work is done or to be stopped, and waits for its end. Rejects as it does, or if it was stopped, with a PeerError: aborted. */
export async function doneOrStopped<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  leave: () => Promise<void>,
): Promise<Result> {
  const outcome = Promise.race([work, whenAborted(signal)]);
  await outcome.catch(() => undefined);
  await leave();
  // What was done by then, and said so, has not been stopped.
  return work.catch(() => outcome);
}

/** The user's own, opened when they are wanted: an open ring needs none. */
function userSettings(): Settings {
  let opened: Promise<Settings> | undefined;
  const settings = (): Promise<Settings> => {
    opened ??= FsSettings.open(userDirectory(process.env));
    return opened;
  };
  return {
    get: async (name) => (await settings()).get(name),
    set: async (name, value) => (await settings()).set(name, value),
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(stopped());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

function stopped(): PeerError {
  return new PeerError('aborted', 'stopped');
}

/** Registers; gives up when the Discovery node cannot be reached. Rejects with a CommandError, or a PeerError: bad-id, storage, full. */
export async function connect(
  { server, signal, askSecret }: CommandContext,
  options: Omit<NodePeerOptions, 'server' | 'signal' | 'waiting' | 'askSecret'>,
): Promise<NodePeer> {
  const unreachable = new AbortController();
  let why = 'it does not answer';
  const waiting = (reason: string): void => {
    why = reason;
    unreachable.abort();
  };
  try {
    const either = AbortSignal.any([signal, unreachable.signal]);
    return await composeNodePeer({ ...options, server, waiting, askSecret, signal: either });
  } catch (error) {
    if (!(error instanceof PeerError) || error.code !== 'discovery-unreachable') throw error;
    if (signal.aborted) throw stopped();
    const what = /\/r\/[^/]+$/.test(server) ? 'ring' : 'Discovery node';
    const todo = 'start it with "tabring serve", or name another with --server';
    const found = (await whyUnreachable(server, signal)) ?? { why, todo };
    if (signal.aborted) throw stopped();
    throw new CommandError(`cannot reach the ${what} at ${server} (${found.why}): ${found.todo}`, error);
  }
}
