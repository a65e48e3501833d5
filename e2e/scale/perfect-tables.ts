// How many hops lookups take in a ring of these very ids if all tables are perfect: every leaf set exact, every cell of a
// routing table filled with any node that fits (Pastry, section 2.3). What a real ring's hops are compared with.

import {
  closestId,
  digitAt,
  type Id,
  idFromPrefix,
  type NodeId,
  sharedPrefixLength,
} from '../../client/src/core/pastry/id.ts';
import { Oracle } from '../../client/src/sim/oracle.ts';
import { Rng } from '../../client/src/sim/rng.ts';

const LOOKUPS = 20_000;
const SEED = 1;

/** Mean hops of random lookups. */
export function perfectHops(ids: readonly NodeId[], leafSetSize: number): number {
  const oracle = new Oracle();
  for (const id of ids) oracle.add(id);
  const rng = new Rng(SEED);
  const tables = new Map(
    ids.map((id) => [id, { table: perfectTable(id, ids, rng), leaves: leavesOf(oracle, id, leafSetSize) }]),
  );
  let hops = 0;
  for (let count = 0; count < LOOKUPS; count += 1) {
    const key = randomKey(rng, ids[0]?.length ?? 0);
    let at = rng.pick(ids);
    for (const root = oracle.root(key); at !== undefined && at !== root; hops += 1) {
      const { table, leaves } = tables.get(at) ?? { table: new Map<string, NodeId>(), leaves: [] };
      at = nextHop(at, key, table, leaves, root);
    }
  }
  return hops / LOOKUPS;
}

/** The leaf set if it covers the key, else the cell, else whatever is closer and shares no less. */
function nextHop(
  at: NodeId,
  key: Id,
  table: ReadonlyMap<string, NodeId>,
  leaves: readonly NodeId[],
  root: NodeId | undefined,
): NodeId | undefined {
  if (root !== undefined && leaves.includes(root)) return root;
  const row = sharedPrefixLength(at, key);
  const cell = table.get(cellName(row, digitAt(key, row)));
  if (cell !== undefined) return cell;
  const sharing = [...table.values(), ...leaves].filter((id) => sharedPrefixLength(id, key) >= row);
  return closestId(key, [at, ...sharing]);
}

function perfectTable(self: NodeId, ids: readonly NodeId[], rng: Rng): ReadonlyMap<string, NodeId> {
  const fitting = new Map<string, NodeId[]>();
  for (const id of ids) {
    if (id === self) continue;
    const row = sharedPrefixLength(self, id);
    const name = cellName(row, digitAt(id, row));
    fitting.set(name, [...(fitting.get(name) ?? []), id]);
  }
  const table = new Map<string, NodeId>();
  for (const [name, candidates] of fitting) {
    const chosen = rng.pick(candidates);
    if (chosen !== undefined) table.set(name, chosen);
  }
  return table;
}

function leavesOf(oracle: Oracle, id: NodeId, leafSetSize: number): readonly NodeId[] {
  const { cw, ccw } = oracle.leafSet(id, leafSetSize / 2);
  return [...new Set([...cw, ...ccw])];
}

function cellName(row: number, column: number): string {
  return `${row}:${column}`;
}

function randomKey(rng: Rng, digits: number): Id {
  const key = idFromPrefix(rng.hex(digits), digits);
  if (key === undefined) throw new Error('hex digits make a key');
  return key;
}
