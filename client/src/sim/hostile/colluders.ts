// What hostile nodes share: they know each other, each other's plans and the whole ring, and tell the same lies. Their ids
// are random and certified like everybody's, and each can sign for itself only, but each does so for all.

import type { Key, NodeId } from '../../core/pastry/id.ts';
import type { Coordinate, Incarnation, NodeHandle } from '../../core/pastry/node-handle.ts';
import type { Scheme } from '../../gate/scheme.ts';
import { Oracle } from '../oracle.ts';
import { RecentMap } from '../recent-map.ts';
import type { Rng } from '../rng.ts';

/** Plans under way at once, and places of honest nodes, that are remembered. */
const REMEMBERED = 65_536;

/** What becomes of one routed message. */
export type Plan =
  /** It is acknowledged and forgotten. */
  | { readonly type: 'swallow' }
  /** It goes on as it should. */
  | { readonly type: 'pass' }
  /** `as` claims to be the root. clique: and names only colluders round the key. thin: and everybody but who is closer. */
  | { readonly type: 'claim'; readonly as: NodeId; readonly neighbours: 'clique' | 'thin' };

interface Colluder {
  readonly life: Incarnation;
  readonly scheme: Scheme;
}

export class Colluders {
  readonly rng: Rng;
  /** Those that are in the ring, and all that are: the worst case is an adversary who sees everything. */
  readonly ids = new Oracle();
  readonly everybody: Oracle;
  readonly planByMessage = new RecentMap<string, Plan>(REMEMBERED);
  readonly #coordinateById = new RecentMap<NodeId, Coordinate>(REMEMBERED);
  readonly #colluderById = new Map<NodeId, Colluder>();

  /** `everybody`: the whole ring, kept up to date by others. */
  constructor(rng: Rng, everybody: Oracle) {
    this.rng = rng;
    this.everybody = everybody;
  }

  add({ nodeId, epoch }: NodeHandle, scheme: Scheme): void {
    this.#colluderById.set(nodeId, { life: { nodeId, epoch }, scheme });
  }

  /** It is in the ring now: its name is of use. */
  joined(nodeId: NodeId): void {
    this.ids.add(nodeId);
  }

  has(nodeId: NodeId): boolean {
    return this.#colluderById.has(nodeId);
  }

  lifeOf(nodeId: NodeId): Incarnation {
    return this.#colluderById.get(nodeId)?.life ?? { nodeId, epoch: 1 };
  }

  schemeOf(nodeId: NodeId): Scheme | undefined {
    return this.#colluderById.get(nodeId)?.scheme;
  }

  /** The colluders closest to a key, closest first; never `except`. */
  closest(key: Key, most: number, except?: NodeId): NodeId[] {
    return this.ids
      .closest(key, most + 1)
      .filter((nodeId) => nodeId !== except)
      .slice(0, most);
  }

  /** Where an honest node says that it is: the place to claim towards it. */
  placed(nodeId: NodeId, coordinate: Coordinate): void {
    this.#coordinateById.set(nodeId, coordinate);
  }

  placeOf(nodeId: NodeId): Coordinate | undefined {
    return this.#coordinateById.get(nodeId);
  }
}
