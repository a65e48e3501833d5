// What the Discovery node remembers of ids: whose key has each, until when that key's certificate runs, and the epoch of its
// latest life. Bounded: what was set longest ago is forgotten first, and then told by the owner's certificate.

import { BoundedMap } from '../client/src/core/bounded-map.ts';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { MAX_RECORDS } from './limits.ts';

export interface IdRecord {
  /** Ed25519, base64url; undefined: its owner gave the id up, and only the epoch is of interest. */
  readonly signKey: string | undefined;
  /** Seconds since 1970: the end of the certificate that ends last. */
  readonly until: number;
  readonly epoch: number;
}

export class IdRecords {
  readonly #recordById = new BoundedMap<NodeId, IdRecord>(MAX_RECORDS);
  /** Told of each change. */
  changed: () => void = () => undefined;

  constructor(records: Iterable<readonly [NodeId, IdRecord]> = []) {
    for (const [nodeId, record] of records) this.#recordById.set(nodeId, record);
  }

  get size(): number {
    return this.#recordById.size;
  }

  /** Undefined also if its time is over. */
  get(nodeId: NodeId, seconds: number): IdRecord | undefined {
    const record = this.#recordById.get(nodeId);
    return record !== undefined && record.until > seconds ? record : undefined;
  }

  set(nodeId: NodeId, record: IdRecord): void {
    this.#recordById.set(nodeId, record);
    this.changed();
  }

  /** The key gives its id up: anybody may have it, in a life with a larger epoch. */
  free(nodeId: NodeId): void {
    const record = this.#recordById.get(nodeId);
    if (record !== undefined) this.set(nodeId, { ...record, signKey: undefined });
  }

  /** Those whose time is not over, the one that was set longest ago first. The others are forgotten. */
  running(seconds: number): readonly (readonly [NodeId, IdRecord])[] {
    for (const [nodeId, { until }] of this.#recordById) if (until <= seconds) this.#recordById.delete(nodeId);
    return [...this.#recordById];
  }
}
