// Real peers of this process over a real Discovery node, for tests: nothing is made up but that all run on one machine.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../../../signaling/server.ts';
import { composeNodePeer, type NodePeer, type NodePeerOptions } from '../../src/node/compose.ts';
import { wrongLeafSets } from '../../src/node/leaf-sets.ts';

/** For what takes a second on an idle machine. */
export const SETTLE_MS = 120_000;

export class NodePeers {
  readonly discovery: DiscoveryNode;
  /** A directory for whatever the tests write. */
  readonly directory: string;
  #nodes: NodePeer[] = [];

  private constructor(discovery: DiscoveryNode, directory: string) {
    this.discovery = discovery;
    this.directory = directory;
  }

  static async start(options: DiscoveryOptions = {}): Promise<NodePeers> {
    const directory = await mkdtemp(join(tmpdir(), 'tabring-node-'));
    return new NodePeers(await startDiscoveryNode({ host: '127.0.0.1', ...options }), directory);
  }

  get nodes(): readonly NodePeer[] {
    return this.#nodes;
  }

  path(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  /** Starts a peer and waits until it is active. */
  async open(options: Omit<NodePeerOptions, 'server'> = {}): Promise<NodePeer> {
    const node = await composeNodePeer({ server: this.discovery.url, ...options });
    this.#nodes.push(node);
    await node.peer.start();
    await until(() => node.peer.status === 'active');
    return node;
  }

  /** Ends a peer without handing anything over. */
  async kill(node: NodePeer): Promise<void> {
    this.#nodes = this.#nodes.filter((other) => other !== node);
    await node.goodbye();
  }

  async leave(node: NodePeer): Promise<void> {
    this.#nodes = this.#nodes.filter((other) => other !== node);
    await node.leave();
  }

  /** Waits until all peers' leaf sets are exact. */
  settled(): Promise<void> {
    return until(() => wrongLeafSets(this.#nodes.map(({ peer }) => peer.inspect())).length === 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.goodbye()));
    await this.discovery.close();
    await rm(this.directory, { recursive: true });
  }
}

export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isTrue, { timeout: SETTLE_MS, interval: 20 });
}
