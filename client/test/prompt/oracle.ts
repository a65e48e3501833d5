// What a node's tables must be, from the ids of all nodes, and those tables as text: written down anew and plainly, so that
// it can be compared with what the peers print.

const DIGITS = [...'0123456789abcdef'];

/** The ids of the leaf set, by id: `half` nodes on each side, walking round the ring. */
export function leavesOf(id: string, ids: readonly string[], half: number): readonly string[] {
  const ring = ids.toSorted();
  const place = ring.indexOf(id);
  const reach = Math.min(half, ring.length - 1);
  const steps = Array.from({ length: reach }, (_, index) => index + 1);
  const leaves = steps.flatMap((step) => [
    ring.at((place + step) % ring.length),
    ring.at((place - step) % ring.length),
  ]);
  return [...new Set(leaves)].filter((leaf) => leaf !== undefined).toSorted();
}

/** The ids that may be in the cell: those that share `row` digits with `id` and have `column` next. None in its own column. */
export function candidates(id: string, ids: readonly string[], row: number, column: string): readonly string[] {
  if (id[row] === column) return [];
  return ids.filter((other) => other.startsWith(id.slice(0, row) + column));
}

/** `leaf-set` of a classroom ring. `address`: what stands for a node. */
export function leafSetText(id: string, ids: readonly string[], address: (id: string) => string): string {
  return leavesOf(id, ids, 1)
    .map((leaf) => `${address(leaf)}, ${leaf}\n`)
    .join('');
}

/** `routing-table` of a classroom ring in which each cell has one candidate at most. */
export function routingTableText(id: string, ids: readonly string[], address: (id: string) => string): string {
  const cell = (row: number, column: string): string => {
    const [only, ...more] = candidates(id, ids, row, column);
    if (more.length > 0) throw new Error(`several nodes fit row ${row}, column ${column}`);
    return `${id.slice(0, row)}${column}-${only === undefined ? ':' : address(only)}`;
  };
  return [...id].map((_, row) => `${DIGITS.map((column) => cell(row, column)).join(',')}\n`).join('');
}
