// Objects that are stored from random nodes, and where their copies are: on disks, whatever anybody says.

import type { Output } from '../core/io.ts';
import { type BlockRef, placedBlock } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { signedLease } from './owner-leases.ts';
import type { Rng } from './rng.ts';

const DIGEST_DIGITS = 64;

export interface StoredObject {
  readonly block: BlockRef;
  readonly storer: NodeId;
  /** How its storer knows it: stored by a quorum's receipts, safe by those of k holders. */
  state: 'under way' | 'stored' | 'safe' | 'failed';
  /** Who has given receipts so far. */
  holders: readonly NodeId[];
}

export class ObjectLoad {
  readonly objects: StoredObject[] = [];
  /** Told once of each object that is acknowledged. */
  acknowledged: (object: StoredObject) => void = () => undefined;
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #objectByRequest = new Map<number, StoredObject>();
  readonly #leaseMs: number;

  constructor(cluster: Cluster, rng: Rng, leaseMs: number) {
    this.#cluster = cluster;
    this.#rng = rng;
    this.#leaseMs = leaseMs;
    cluster.onStorage = (_, output) => this.#heard(output);
  }

  /** Begins to store an object of `bytes` from a random node that is in the ring. */
  store(bytes: number): void {
    const { truth, network, options, disks, authority } = this.#cluster;
    const storer = this.#rng.pick(truth.ring.ids);
    const host = storer === undefined ? undefined : network.hostOf(storer);
    if (host === undefined) return;
    const block = placedBlock(this.#rng.hex(DIGEST_DIGITS), bytes, options.params.digits, 0);
    const object: StoredObject = { block, storer: host.nodeId, state: 'under way', holders: [] };
    this.objects.push(object);
    this.#objectByRequest.set(this.objects.length, object);
    disks.offer(host, block);
    const terms = { forMs: this.#leaseMs, serial: 1, ends: false };
    const lease = signedLease(this.#cluster, authority.owner(), block.digest, terms);
    network.deliver(host, { type: 'store', request: this.objects.length, block, lease });
  }

  /** The nodes on whose disks each object is, by digest; of nodes that run. */
  holders(): ReadonlyMap<string, readonly Host[]> {
    const holders = new Map<string, Host[]>();
    for (const host of this.#cluster.hosts) {
      for (const digest of host.disk.blockByDigest.keys()) {
        const others = holders.get(digest);
        if (others === undefined) holders.set(digest, [host]);
        else others.push(host);
      }
    }
    return holders;
  }

  #heard(output: Output): void {
    if (output.type !== 'stored' && output.type !== 'store-failed') return;
    const object = this.#objectByRequest.get(output.request);
    if (object === undefined) return;
    if (output.type === 'store-failed') {
      if (object.state === 'under way') object.state = 'failed';
      return;
    }
    const isFirst = object.state === 'under way';
    object.holders = output.holders;
    if (output.complete) object.state = 'safe';
    else if (isFirst) object.state = 'stored';
    if (isFirst) this.acknowledged(object);
  }
}
