// A ring of real peers in one process, under virtual time: everything but WebRTC, IndexedDB and the Discovery node's server.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../../src/core/pastry/params.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import type { FileSource } from '../../src/peer/api.ts';
import { type OwnerKeys, ownerKeyOf } from '../../src/peer/owner-keys.ts';
import type { PeerParts } from '../../src/peer/parts.ts';
import { Peer } from '../../src/peer/peer.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import type { Role } from '../../src/trust/certificate.ts';
import { nobleSeal, nobleSuite } from '../../src/trust/noble-suite.ts';
import { HostileMachine } from '../hostile/hostile-machine.ts';
import type { Authority } from '../trust/authority.ts';
import { FrailStore } from './frail-store.ts';
import { idOf, messageIds } from './ids.ts';
import { MemoryNetwork } from './memory-links.ts';
import { sha256, sha256Of } from './transfer-node.ts';
import { VirtualTime } from './virtual-time.ts';
import { watched } from './watched-scheme.ts';

export const RING_STARTED_MS = 1_800_000_000_000;

/** Real ones, without the threads of WebCrypto that virtual time would have to wait for. */
const nobleOwnerKeys: OwnerKeys = {
  create: async () => ownerKeyOf(await nobleSuite.create('raw')),
  open: async (secret) => ownerKeyOf(await nobleSuite.open({ kind: 'raw', sign: secret, agree: secret })),
};

export class RingNode {
  readonly peer: Peer;
  readonly store: FrailStore;
  readonly settings: MemorySettings;
  /** Between the node and its driver: honest, unless a test has it lie. */
  readonly machine: HostileMachine;
  /** The ring's time as the core is given it. */
  coreTime: () => number = () => Number.NaN;
  hasLeft = false;
  /** By how much its idea of the ring's time is ahead. */
  clockErrorMs = 0;

  constructor(ring: TestRing, credentials: Scheme, before?: RingNode) {
    const { nodeId } = credentials.certificate;
    this.store = before?.store ?? new FrailStore();
    this.settings = before?.settings ?? new MemorySettings();
    let machine: HostileMachine | undefined;
    const parts: PeerParts = {
      discovery: {
        params: ring.params,
        nodeId,
        sponsor: ring.anyoneBut(nodeId),
        askSponsor: async () => {
          if (ring.isDiscoveryAway) throw new Error('away');
          return ring.anyoneBut(nodeId);
        },
        leave: () => {
          this.hasLeft = true;
        },
      },
      links: ring.network.join(credentials),
      credentials,
      store: this.store,
      settings: this.settings,
      clock: ring.time.clock(),
      sha256,
      deriveSeal: async (secret, about) => nobleSeal(secret, about),
      seed: 1,
      newId: messageIds(),
      origin: 'https://ring.example',
      // Whole milliseconds, as everywhere.
      calendar: () => Math.floor(ring.time.now),
      ringTime: () => RING_STARTED_MS + ring.time.now + this.clockErrorMs,
      ownerKeys: ring.authority === undefined ? ring.network.ownerKeys : nobleOwnerKeys,
      createNode: (config) => {
        machine = new HostileMachine(config);
        this.coreTime = config.ringTime;
        return machine;
      },
    };
    this.peer = new Peer(parts);
    if (machine === undefined) throw new Error('the peer has made no machine');
    this.machine = machine;
  }
}

export class TestRing {
  readonly time = new VirtualTime();
  readonly network = new MemoryNetwork(this.time);
  readonly params: RingParams;
  readonly nodes = new Map<string, RingNode>();
  isDiscoveryAway = false;
  /** Of all nodes that start; else each has its own. */
  device: string | undefined;
  /** Gives nodes real keys, if there is one; else they have the simulator's. */
  authority: Authority | undefined;
  #epoch = 0;

  constructor(params: Partial<RingParams> = {}) {
    this.params = { ...DEFAULT_RING_PARAMS, ...params };
  }

  /** The node that a name stands for. */
  node(name: string): RingNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  /** Starts nodes all at once. */
  async start(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const node = new RingNode(this, await this.credentials(name), this.nodes.get(name));
      this.nodes.set(name, node);
      await node.peer.start();
    }
  }

  async credentials(name: string, role: Role = 'node'): Promise<Scheme> {
    const nodeId = idOf(name, this.params.digits);
    const [device, epoch] = [this.device ?? `device-${name}`, this.nextEpoch()];
    if (this.authority === undefined) return this.network.credentials(nodeId, device, epoch, role);
    return watched(await this.authority.credentials(nodeId, { device, epoch, role }), this.time);
  }

  /** Starts nodes all at once and waits until all are active. */
  async open(...names: readonly string[]): Promise<void> {
    await this.start(...names);
    await this.time.until(() => names.every((name) => this.node(name).peer.status === 'active'), 60_000);
  }

  /** The tab is gone without a word. */
  kill(name: string): void {
    this.network.kill(idOf(name, this.params.digits));
  }

  /** Any node that runs, as the Discovery node would name one. */
  anyoneBut(nodeId: NodeId): NodeId | undefined {
    for (const { peer } of this.nodes.values()) {
      if (peer.nodeId !== nodeId && this.network.find(peer.nodeId) !== undefined) return peer.nodeId;
    }
    return undefined;
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }
}

/** A file of these bytes; `broken` makes reading it fail. */
export function fileOf(name: string, bytes: Uint8Array, type = 'application/octet-stream'): FileSource {
  return {
    name,
    type,
    size: bytes.length,
    slice: (start, end) => ({ arrayBuffer: async () => new Uint8Array(bytes.subarray(start, end)).buffer }),
  };
}

export async function digestOfBlob(blob: Blob): Promise<string> {
  return sha256Of(new Uint8Array(await blob.arrayBuffer()));
}
