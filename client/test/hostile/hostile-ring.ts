// A ring of honest Node peers with one hostile peer in it, all real and on this machine, and what is looked at in it.

import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { DiscoveryOptions } from '../../../signaling/server.ts';
import { closestId, type NodeId } from '../../src/core/pastry/id.ts';
import type { NodePeerOptions } from '../../src/node/compose.ts';
import type { PeerInspection } from '../../src/peer/api.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { NodePeers, until } from '../node/node-peers.ts';
import { HostilePeer } from './hostile-peer.ts';

export class HostileRing {
  readonly peers: NodePeers;
  readonly hostile: HostilePeer;
  /** Of the files stored, by id. */
  readonly #linkById = new Map<string, string>();

  private constructor(peers: NodePeers, hostile: HostilePeer) {
    this.peers = peers;
    this.hostile = hostile;
  }

  /** `honest` peers, and the hostile one linked with all of them. */
  static async start(
    honest: number,
    options: DiscoveryOptions = {},
    peerOptions: Pick<NodePeerOptions, 'quotaBytes'> = {},
  ): Promise<HostileRing> {
    const peers = await NodePeers.start(options);
    for (let count = 0; count < honest; count += 1) await peers.open(peerOptions);
    return HostileRing.#joined(peers, undefined);
  }

  /** The same with chosen ids, `hostile` last to come. */
  static async among(honest: readonly NodeId[], hostile: NodeId, options: DiscoveryOptions = {}): Promise<HostileRing> {
    const peers = await NodePeers.start(options);
    for (const wantedId of honest) await peers.open({ wantedId });
    return HostileRing.#joined(peers, hostile);
  }

  static async #joined(peers: NodePeers, wantedId: NodeId | undefined): Promise<HostileRing> {
    const ring = new HostileRing(peers, await HostilePeer.join({ server: peers.discovery.url, wantedId }));
    await ring.settled();
    await ring.hostile.linked(ring.ids);
    return ring;
  }

  /** An honest peer with a chosen id joins after the hostile one. */
  async joinedBy(wantedId: NodeId): Promise<void> {
    await this.peers.open({ wantedId });
    await this.settled();
  }

  /** The honest ones. */
  get honest(): readonly Peer[] {
    return this.peers.nodes.map(({ peer }) => peer);
  }

  get ids(): readonly NodeId[] {
    return this.honest.map(({ nodeId }) => nodeId);
  }

  get members(): readonly NodeId[] {
    return [...this.ids, this.hostile.nodeId];
  }

  at(index: number): Peer {
    const peer = this.honest[index % this.honest.length];
    if (peer === undefined) throw new Error('a ring without honest peers');
    return peer;
  }

  find(nodeId: NodeId): Peer {
    const peer = this.honest.find((each) => each.nodeId === nodeId);
    if (peer === undefined) throw new Error(`${nodeId} is no honest peer`);
    return peer;
  }

  /** Waits until all honest peers know each other and the hostile one. */
  async settled(): Promise<void> {
    await until(() =>
      this.inspections().every(({ nodeId, leafSet, params }) => {
        const others = this.members.filter((other) => other !== nodeId).length;
        return new Set([...leafSet.cw, ...leafSet.ccw]).size === Math.min(others, params.leafSetSize);
      }),
    );
  }

  inspections(): readonly PeerInspection[] {
    return this.honest.map((peer) => peer.inspect());
  }

  /** Ids in any table of an honest peer's that nobody has. */
  strangers(): readonly NodeId[] {
    const members = new Set(this.members);
    return this.inspections().flatMap(({ leafSet, routingTable, neighborhoodSet }) => {
      const entries = routingTable.map(({ nodeId }) => nodeId);
      return [...leafSet.cw, ...leafSet.ccw, ...neighborhoodSet, ...entries].filter((nodeId) => !members.has(nodeId));
    });
  }

  /** How often the honest peers together counted this. */
  counted(cause: string): number {
    return this.honest.reduce((sum, { counters }) => sum + (counters[cause] ?? 0), 0);
  }

  /** What honest peers say, in inspect(), that the hostile peer has done. */
  misdeeds(): readonly string[] {
    const all = this.inspections().flatMap(({ misdeeds }) => misdeeds);
    return [...new Set(all.filter(({ nodeId }) => nodeId === this.hostile.nodeId).map(({ what }) => what))];
  }

  /** Of each honest peer, the digests of what it holds. */
  held(): Readonly<Record<NodeId, readonly string[]>> {
    return Object.fromEntries(
      this.honest.map((peer) => [
        peer.nodeId,
        peer
          .listFiles()
          .held.map(({ digest }) => digest)
          .sort(),
      ]),
    );
  }

  /** Honest peers that hold the block. */
  copies(digest: string): number {
    return Object.values(this.held()).filter((digests) => digests.includes(digest)).length;
  }

  /** Stores files of this size, one after the other, from each honest peer in turn; resolves when all have all their copies. */
  async store(files: number, bytes: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let index = 0; index < files; index += 1) {
      const { fileId, link } = await this.at(index).store(new File([randomBytes(bytes)], `file ${index}`));
      ids.push(fileId);
      this.stored(fileId, link);
    }
    await until(() =>
      this.honest.every((peer) => peer.listFiles().own.every(({ copies, wanted }) => copies >= wanted)),
    );
    return ids;
  }

  /** A file was stored by a test itself. */
  stored(fileId: string, link: string): void {
    this.#linkById.set(fileId, link);
  }

  /** The link of a stored file; the id itself of others, as of public ones. */
  linkOf(fileId: string): string {
    return this.#linkById.get(fileId) ?? fileId;
  }

  /** Each file is read by an honest peer. */
  async expectReadable(fileIds: readonly string[], bytes: number): Promise<void> {
    for (const [index, fileId] of fileIds.entries()) {
      const file = await this.at(index + 1).retrieve(this.linkOf(fileId));
      expect((await file.blob()).size).toBe(bytes);
    }
  }

  /** Lookups of honest peers end at the true root. */
  async expectRightLookups(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const { key, root } = await this.at(index).lookup(randomBytes(16).toString('hex'));
      expect(root).toBe(closestId(key, this.members));
    }
  }

  async stop(): Promise<void> {
    this.hostile.goodbye();
    await this.peers.stop();
  }
}

/** Runs a test in a ring of its own, so that several may run at once. */
export async function inRing(
  start: () => Promise<HostileRing>,
  run: (ring: HostileRing) => Promise<void>,
): Promise<void> {
  const ring = await start();
  try {
    await run(ring);
  } finally {
    await ring.stop();
  }
}
