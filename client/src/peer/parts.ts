// What a peer is made of: adapters that the composition roots (web/, node/) and tests choose.

import type { Inspection, Machine } from '../core/io.ts';
import type { NodeConfig } from '../core/node.ts';
import type { Holding } from '../core/past/holdings.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Scheme } from '../gate/scheme.ts';
import type { DeriveSeal } from '../vault/private-seal.ts';
import type { OwnerKeys } from './owner-keys.ts';
import type { BlockStore, Clock, Discovery, LinkLayer, Settings, Sha256 } from './ports.ts';
import type { StoreJournals } from './store-journal.ts';

export interface PeerNode extends Machine {
  inspect(): Inspection;
  /** The held blocks, each with the other nodes that have shown that they hold it too. */
  holdings(): readonly Holding[];
  /** The device of a node that has described itself; undefined of others. */
  deviceOf(nodeId: NodeId): string | undefined;
  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId>;
  /** Linked nodes that may bring here what `nodeId`, to which there is no link, has; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[];
  /** A leaf, or a node whose messages this one carries. */
  isNeighbour(nodeId: NodeId): boolean;
  /** Things that should not happen and did, by name. */
  readonly counters: ReadonlyMap<string, number>;
}

export interface PeerParts {
  /** Registered: it has this node's id and the ring's parameters. */
  readonly discovery: Discovery;
  readonly links: LinkLayer;
  /** What this node proves itself with; its certificate tells its id, device and life. */
  readonly credentials: Scheme;
  readonly store: BlockStore;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly sha256: Sha256;
  /** Of the keys of private files; by default the platform's best. */
  readonly deriveSeal?: DeriveSeal;
  /** Makes keys of files' owners; by default the platform's best. */
  readonly ownerKeys?: OwnerKeys;
  /** A random 32-bit integer. */
  readonly seed: number;
  /** A new id that nobody can guess; as in NodeConfig. */
  readonly newId: () => string;
  /** Start of file links: scheme, host and path without the last slash. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly calendar: () => number;
  /** The same by the ring's clock: the Discovery node's. */
  readonly ringTime: () => number;
  /** Of stores that are broken off. Without them such a store is begun anew. */
  readonly journals?: StoreJournals;
  /** Of fetched blocks that are kept for others (cached-blocks.ts). */
  readonly cacheBytes?: number | undefined;
  /** The core; tests may give another. */
  readonly createNode?: (config: NodeConfig) => PeerNode;
}
