// Which name records a node keeps where many want a place under one name. Until records are signed by owners, a record is
// told by the node that stores it, or that offers it as repair. A few for each, so that nobody fills a list alone; and when a
// list is full, who has few in it gets a place of who has most, the newest of whose records goes. So whoever floods a name,
// by stores or as if by repair, is the first to lose by it, and what was there before stays longest.

import type { Key, NodeId } from '../pastry/id.ts';
import { type BlockRef, isNameRecord, MAX_RECORDS_AT_KEY, MAX_RECORDS_OF_STORER } from './block.ts';

/** By whom a record came: from who stores it, or as a copy of a copy. */
export interface RecordOrigin {
  readonly nodeId: NodeId;
  readonly isStorer: boolean;
}

export class NameLists {
  /** Of each key the digests in the order in which they came, with who brought them; undefined: was on the disk before. */
  readonly #listByKey = new Map<Key, Map<string, NodeId | undefined>>();

  add({ key, digest }: BlockRef, origin: RecordOrigin | undefined): void {
    const list = this.#listByKey.get(key) ?? new Map<string, NodeId | undefined>();
    this.#listByKey.set(key, list.set(digest, origin?.nodeId));
  }

  delete({ key, digest }: BlockRef): void {
    const list = this.#listByKey.get(key);
    if (list?.delete(digest) === true && list.size === 0) this.#listByKey.delete(key);
  }

  /** The digests of the records at a key. */
  at(key: Key): Iterable<string> {
    return this.#listByKey.get(key)?.keys() ?? [];
  }

  /** Whether there is a place for a block that is not in its list, perhaps another's. */
  hasRoomFor(block: BlockRef, origin: RecordOrigin | undefined): boolean {
    if (!isNameRecord(block)) return true;
    const list = this.#listByKey.get(block.key);
    if (list === undefined) return true;
    if (origin?.isStorer === true && countOf(list, origin.nodeId) >= MAX_RECORDS_OF_STORER) return false;
    return list.size < MAX_RECORDS_AT_KEY || this.displacedBy(block, origin) !== undefined;
  }

  /** The record that has to go for this one to be kept; undefined if there is room for both, or none for it. */
  displacedBy(block: BlockRef, origin: RecordOrigin | undefined): string | undefined {
    const list = this.#listByKey.get(block.key);
    // What comes as a copy of a copy has its place elsewhere already.
    if (list === undefined || list.size < MAX_RECORDS_AT_KEY || origin?.isStorer !== true || !isNameRecord(block))
      return undefined;
    const [most, count] = mostOf(list);
    // One more or less: with the place taken from it, it still has as many, and none goes to and fro.
    if (most === undefined || count < countOf(list, origin.nodeId) + 2) return undefined;
    let newest: string | undefined;
    for (const [digest, nodeId] of list) if (nodeId === most) newest = digest;
    return newest;
  }
}

function countOf(list: ReadonlyMap<string, NodeId | undefined>, nodeId: NodeId): number {
  let count = 0;
  for (const other of list.values()) if (other === nodeId) count += 1;
  return count;
}

/** Who brought most of them, the first of several. */
function mostOf(list: ReadonlyMap<string, NodeId | undefined>): readonly [NodeId | undefined, number] {
  let most: NodeId | undefined;
  let mostCount = 0;
  for (const nodeId of new Set(list.values())) {
    if (nodeId === undefined) continue;
    const count = countOf(list, nodeId);
    if (count > mostCount) [most, mostCount] = [nodeId, count];
  }
  return [most, mostCount];
}
